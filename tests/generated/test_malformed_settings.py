"""Malformed settings of generated shops: each command prints one sentence and exits with 1.

The settings come from the classes that a command reads, so a new setting takes part by itself.
"""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from .environment import ROOT, python_for_all
from .projects import PATTERN, PATTERNS
from .running import SECONDS, shop, variables_without_tools

PROBE = ROOT / "tests/generated/settings_probe.py"
# Names and secrets that others choose: every text is valid.
FREE_TEXT = {
    *("TOKEN_ISSUER", "TOKEN_AUDIENCE", "MAIL_FOLDER", "TRACES_FOLDER", "OTEL_SERVICE_NAME"),
    *("OIDC_AUDIENCE", "OIDC_ADMIN_ROLE", "OIDC_CLIENTS", "ADMIN_CLIENT_ID", "ADMIN_CLIENT_SECRET"),
    # The accounts of the local issuer; the shop's administrator needs a longer password.
    *("CUSTOMER_PASSWORD", "ADMIN_PASSWORD"),
    *("KAFKA_SASL_USERNAME", "KAFKA_SASL_PASSWORD", "KAFKA_GROUP_INSTANCE_ID"),
}
Outcome = Mapping[str, Any]


# The monolith has most of the settings. A distributed shop has them in eight programs: ten minutes of work.
@pytest.mark.parametrize("auth", ["jwt", pytest.param("oauth2", marks=pytest.mark.long)])
@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(each, marks=pytest.mark.thorough if each == PATTERN else pytest.mark.long)
        for each in PATTERNS
    ],
)
def test_malformed_setting_ends_a_command_with_one_sentence(pattern: str, auth: str, tmp_path: Path) -> None:
    """Each program reads its settings before it serves, refuses what is malformed, and shows no traceback."""
    options = {"database": "postgresql", "cache": "redis", "auth": auth}
    project = shop(pattern, tmp_path / "project", options)
    wrong, refused = [], set()
    for program, outcomes in _probed(project):
        for outcome in outcomes:
            if reason := _objection(outcome):
                wrong.append(f"{program} {reason}: {outcome}")
            refused |= {outcome["variable"]} if _is_refused(outcome) else set()
    assert not wrong, "\n".join(wrong)
    expected = {"DATABASE_URL", "SERVICE_KEY", "CALLERS"} if pattern != "monolith" else {"DATABASE_URL"}
    expected |= {"SIGNING_KEYS"} if auth == "jwt" else {"OIDC_ISSUER"}
    assert expected <= refused


def _objection(outcome: Outcome) -> str | None:
    """Return what is wrong with the outcome of a command, if anything."""
    variable = outcome["variable"]
    if "Traceback" in outcome["output"]:
        return "shows a traceback"
    if variable is None:
        late = outcome["read_by_worker"].keys() - outcome["read"].keys()
        return f"reads {sorted(late)} too late" if late else None
    if _is_refused(outcome):
        return None
    if outcome["code"] != outcome["valid"]:
        return f"does not explain {variable}"
    return f"accepts {variable}" if outcome["value"] == "?" and variable not in FREE_TEXT else None


def _is_refused(outcome: Outcome) -> bool:
    sentences = outcome["output"].splitlines()
    return outcome["code"] == 1 and len(sentences) == 1 and (outcome["variable"] or "") in sentences[0]


def _probed(project: Path) -> Iterator[tuple[str, list[Outcome]]]:
    tried: set[str] = set()
    roots = [project / "src", project / "libs/src", *project.glob("services/*/src")]
    mains = [(root, path) for root in roots for path in sorted(root.rglob("__main__.py"))]
    for root, main in mains:
        program = ".".join(main.parent.relative_to(root).parts)
        service = main.parent.name.removesuffix("_service")
        # A program of the libraries has the settings of a service.
        service = {"choreography": "orders"}.get(service, service)
        path = [project / "src", project / "libs/src", project / f"services/{service}/src", project]
        done = subprocess.run(
            [python_for_all(), str(PROBE), program, service, *tried],
            cwd=project,
            env=variables_without_tools() | {"PYTHONPATH": os.pathsep.join(map(str, path))},
            stdout=subprocess.PIPE,
            check=True,
            timeout=SECONDS,
        )
        outcomes = json.loads(done.stdout)
        tried |= {outcome["variable"] for outcome in outcomes if outcome["variable"]}
        yield program, outcomes
