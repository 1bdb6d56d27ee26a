"""Errors in needs: each names the field and says which values are valid."""

from blueprint.errors import BlueprintError, ExitStatus


class NeedsError(BlueprintError):
    """An answer about the needs of a system is invalid."""

    code = "bad-needs"
    status = ExitStatus.NEEDS
