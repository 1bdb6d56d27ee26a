"""What identity tells of a user."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may call the shop; `roles` are sorted."""

    id: UUID
    email: str | None
    roles: list[str]
