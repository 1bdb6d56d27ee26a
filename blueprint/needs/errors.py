"""Errors about needs: each names the field and says what would be right."""

from blueprint.errors import BlueprintError, ExitStatus


class NeedsError(BlueprintError):
    """An answer that cannot be used."""

    code = "bad-needs"
    status = ExitStatus.NEEDS
