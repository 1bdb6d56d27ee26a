"""What identity needs from the rest of the application."""

from typing import Protocol


class Limit(Protocol):
    """One rule of rate limiting."""

    async def hit(self, subject: str) -> None:
        """Count one request of `subject`; raise the problem `too-many-requests` when it is one too many."""
        ...


class Limits(Protocol):
    """Makes the rules of rate limiting."""

    def __call__(self, rule: str, per_minute: int) -> Limit:
        """Return the rule named `rule`, which lets each subject pass `per_minute` times a minute."""
        ...
