"""Operations practices that leave files in a repository."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

MAX_BYTES = 256 * 1024


class Practice(NamedTuple):
    """A practice, the files that show it, and what must be in them, if their names are not enough."""

    name: str
    paths: re.Pattern[str]
    content: re.Pattern[str] | None


_PIPELINES = (
    r"\.github/workflows/[^/]+\.ya?ml|\.gitlab-ci\.yml|Jenkinsfile|\.circleci/config\.yml|azure-pipelines\.yml|"
    r"bitbucket-pipelines\.yml|\.buildkite/.+|\.drone\.yml|\.woodpecker.*|\.travis\.yml|cloudbuild\.ya?ml|\.tekton/.+"
)
_PROVISIONING = (
    r"(?:.*/)?(?:[^/]+\.tf|Pulumi\.yaml|cdk\.json|[^/]+\.bicep|Chart\.yaml|kustomization\.ya?ml|ansible\.cfg|"
    r"serverless\.ya?ml|fly\.toml|render\.yaml|Procfile)"
)
_MANIFESTS = (
    r"(?:.*/)?(?:requirements[^/]*\.txt|requirements/[^/]+\.txt|pyproject\.toml|package\.json|go\.mod|pom\.xml|"
    r"build\.gradle(?:\.kts)?|Gemfile|Cargo\.toml|composer\.json|[^/]+\.csproj)"
)
_ALERTS = r"(?:.*/)?[^/]*(?:alert|rules|pagerduty|opsgenie|oncall|on-call|runbook)[^/]*\.(?:ya?ml|tf|json|md)"
_DEPLOYMENT = (
    rf"{_PIPELINES}|(?:.*/)?(?:deploy|helm|k8s|kubernetes|infra|ops|charts)/.+\.(?:ya?ml|sh|tf)|Makefile"
)

# The five points of the input ops_maturity, in its order.
PRACTICES = (
    Practice("CI/CD", re.compile(_PIPELINES), None),
    Practice("provisioning on demand", re.compile(_PROVISIONING), None),
    Practice(
        "monitoring with tracing",
        re.compile(_MANIFESTS),
        re.compile(
            r"opentelemetry|ddtrace|dd-trace|jaeger|zipkin|newrelic|elastic-?apm|honeycomb|sentry", re.I
        ),
    ),
    Practice(
        "on-call ownership",
        re.compile(_ALERTS, re.I),
        re.compile(r"^\s*-?\s*alert:|pagerduty|opsgenie|on-?call|alertmanager", re.I | re.M),
    ),
    Practice(
        "automated rollback",
        re.compile(_DEPLOYMENT),
        re.compile(r"rollback|--atomic|rollout undo|argo-?rollouts|kind:\s*Rollout|flagger|circuit_breaker"),
    ),
)


def practices_in(folder: Path, files: Sequence[str]) -> dict[str, str]:
    """Return the practices that a repository shows, each with the first file that shows it."""
    found = {}
    for practice in PRACTICES:
        shown = next((path for path in files if _shows(practice, folder, path)), None)
        if shown:
            found[practice.name] = shown
    return found


def _shows(practice: Practice, folder: Path, path: str) -> bool:
    if not practice.paths.fullmatch(path):
        return False
    if practice.content is None:
        return True
    try:
        with (folder / path).open(encoding="utf-8", errors="replace") as file:
            return practice.content.search(file.read(MAX_BYTES)) is not None
    except OSError:
        return False
