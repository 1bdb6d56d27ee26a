"""Domain model of identity."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class User:
    """A user of the shop; `roles` are sorted."""

    id: UUID
    email: str | None
    roles: list[str]
