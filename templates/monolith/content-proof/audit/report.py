"""The audit of the program: checks the invariants of content."""

from chassis.db.database import Database

from .content import add_content
from .contexts import content
from .isolation import one_moment
from .result import Finding, Report


class Audit:
    """Audits one database snapshot, so it can run while the program is busy."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def report(self) -> Report:
        """Check the invariants and return the report."""
        async with one_moment(self._database) as connection:
            snapshot = await content.take_snapshot(connection)
        nothing = {name: Finding(True, []) for name in ("I6", "I7")}
        return add_content(Report(at_rest=True, ok=True, invariants=nothing, counts={}), snapshot)
