"""Steps of `blueprint evaluate`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from blueprint.advise.moving import verdict
from blueprint.advise.recommend import model_with, recommend
from blueprint.errors import UsageError
from blueprint.evaluate.evidence import Evidence, answers_of, merged
from blueprint.evaluate.logs.measure import read_access_logs
from blueprint.evaluate.logs.stats import TrafficStats
from blueprint.needs.answers import complete
from blueprint.needs.file import to_yaml
from blueprint.report.evaluation import Evaluation, evidence_text

from ..output_files import write_text
from .result import EvaluateResult


@dataclass(frozen=True)
class EvaluateRequest:
    """Parameters of `blueprint evaluate`."""

    access_logs: tuple[Path, ...]
    log_format: str | None
    prometheus: str | None
    traces: Path | None
    repository: Path | None
    database: str | None
    save: Path | None


def run_evaluate(request: EvaluateRequest) -> EvaluateResult:
    """Measure what the evidence shows, and recommend with it. Raises BlueprintError."""
    traffic = None
    logs = Evidence()
    if request.access_logs:
        logs, traffic = read_access_logs(request.access_logs, request.log_format)
    evidence = merged([logs, *_other_sources(request, traffic)])
    if not request.access_logs and not evidence.measurements and not evidence.facts:
        raise UsageError(
            "there is nothing to evaluate",
            hint="Give at least one of --access-log, --prometheus, --traces, --repo and --database.",
        )
    needs = complete(answers_of(evidence))
    recommendation = recommend(needs, model_with(), today=datetime.now(UTC).date())
    if request.save:
        comments = {each.input: evidence_text(each) for each in evidence.measurements}
        write_text(request.save, to_yaml(needs, comments))
    evaluation = Evaluation(evidence, traffic, recommendation, verdict(recommendation, evidence.pattern))
    return EvaluateResult(evaluation, request.save)


def _other_sources(request: EvaluateRequest, traffic: TrafficStats | None) -> Iterator[Evidence]:
    """Read the other sources, those first that measure an input most directly."""
    if request.database:
        from blueprint.evaluate.database import read_database

        yield read_database(request.database)
    if request.prometheus:
        from blueprint.evaluate.metrics.measure import read_metrics

        yield read_metrics(request.prometheus)
    if request.traces:
        from blueprint.evaluate.traces.measure import read_traces

        yield read_traces(request.traces, traffic.mean_rps if traffic else None)
    if request.repository:
        from blueprint.evaluate.repository.measure import read_repository

        yield read_repository(request.repository)
