"""JSON Schemas of what `--json` prints, from the types of the results."""

from collections.abc import Callable, Mapping, Sequence
from inspect import cleandoc
from typing import Any

import msgspec

from blueprint.deployment.errors import ManifestsError  # noqa: F401 - its code is one of those listed
from blueprint.errors import BlueprintError, ExitStatus
from blueprint.evaluate.errors import EvidenceError  # noqa: F401 - its code is one of those listed
from blueprint.needs.errors import NeedsError  # noqa: F401 - its code is one of those listed
from blueprint.report.evaluation_json import evaluation_schema
from blueprint.report.json_schema import recommendation_schema

from ..adopt.result import AdoptionsOutput, AdoptOutput
from ..console import FailureOutput
from ..diff.result import DiffOutput
from ..fleet.result import FleetOutput
from ..new.into.result import IntoOutput
from ..new.output import NewOutput
from ..pattern.output import (
    PatternCheckOutput,
    PatternInitOutput,
    PatternPackOutput,
    PatternPreviewOutput,
    PatternShowOutput,
    PatternsOutput,
    PatternTestOutput,
)
from ..recommend.check.output import DeploymentCheckOutput
from ..recommend.output import CasesOutput
from ..remove.result import RemoveOutput
from ..show.result import ShowOutput
from ..update.check import CheckOutput
from ..update.result import UpdateOutput, UpdatesOutput

OUTPUTS: Mapping[str, tuple[type, ...]] = {
    "new": (NewOutput, IntoOutput, UpdateOutput, UpdatesOutput),
    "recommend": (CasesOutput, DeploymentCheckOutput),
    "evaluate": (),
    "update": (UpdateOutput, UpdatesOutput, CheckOutput),
    "diff": (DiffOutput,),
    "show": (ShowOutput,),
    "add": (UpdateOutput, UpdatesOutput),
    "promote": (UpdateOutput, UpdatesOutput),
    "merge": (UpdateOutput, UpdatesOutput),
    "remove": (RemoveOutput, UpdateOutput, UpdatesOutput),
    "adopt": (AdoptOutput, AdoptionsOutput),
    "fleet": (FleetOutput,),
    "pattern list": (PatternsOutput,),
    "pattern show": (PatternShowOutput,),
    "pattern add": (PatternsOutput,),
    "pattern remove": (PatternsOutput,),
    "pattern init": (PatternInitOutput,),
    "pattern check": (PatternCheckOutput,),
    "pattern preview": (PatternPreviewOutput,),
    "pattern test": (PatternTestOutput,),
    "pattern pack": (PatternPackOutput,),
}
"""Types of the output of each command that has --json; the first is the usual one."""

REPORTS: Mapping[str, Callable[[], Mapping[str, Any]]] = {
    "recommend": recommendation_schema,
    "evaluate": evaluation_schema,
}
"""Schemas of the usual output of commands whose output is described by types of the model."""

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def output_schema(verb: str) -> Mapping[str, Any]:
    """Return the schema of what `blueprint VERB --json` prints if it succeeds."""
    reports = [REPORTS[verb]()] if verb in REPORTS else []
    return _schema(f"output of blueprint {verb} --json", OUTPUTS[verb], reports)


def error_schema() -> Mapping[str, Any]:
    """Return the schema of what a command with --json prints if it fails."""
    schema = _schema("error of a command with --json", (FailureOutput,))
    error = schema["$defs"]["ErrorOutput"]["properties"]
    error["code"]["enum"] = sorted({*_codes(BlueprintError), "interrupted"})
    error["exit_code"]["enum"] = [status.value for status in ExitStatus if status is not ExitStatus.OK]
    return schema


def _schema(title: str, types: tuple[type, ...], reports: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    typed, definitions = msgspec.json.schema_components(types, ref_template="#/$defs/{name}")
    for definition in definitions.values():
        if "description" in definition:
            # Python before 3.13 leaves the indentation in docstrings.
            definition["description"] = cleandoc(definition["description"])
    forms = [*reports, *typed]
    choice = forms[0] if len(forms) == 1 else {"anyOf": forms}
    return {"$schema": DIALECT, **choice, "title": title, "$defs": definitions}


def _codes(error: type[BlueprintError]) -> set[str]:
    own = {error.code} if "code" in vars(error) else set()
    return own.union(*map(_codes, error.__subclasses__()))
