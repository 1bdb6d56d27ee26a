"""Errors in evidence: each names the file or the address that could not be used."""

from blueprint.errors import BlueprintError, ExitStatus


class EvidenceError(BlueprintError):
    """A log, a repository or another piece of evidence cannot be read."""

    code = "bad-evidence"
    status = ExitStatus.NEEDS
