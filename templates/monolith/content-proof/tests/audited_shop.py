"""Helper for tests of the audit."""

from ..audit.result import Report


def violations(report: Report) -> list[str]:
    """Return the violations in the report."""
    return [f"{name}: {what}" for name, found in report.invariants.items() for what in found.violations]
