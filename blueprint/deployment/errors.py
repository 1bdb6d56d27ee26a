"""Errors in Kubernetes manifests."""

from blueprint.errors import BlueprintError, ExitStatus


class ManifestsError(BlueprintError):
    """Kubernetes manifests cannot be read."""

    code = "bad-manifests"
    status = ExitStatus.NEEDS


def unsupported(what: str) -> ManifestsError:
    """Return the error for a feature of kustomize that could change sizes and is not applied here."""
    return ManifestsError(
        what,
        hint="Let kustomize render it: `kubectl kustomize OVERLAY | blueprint recommend --check -`.",
    )
