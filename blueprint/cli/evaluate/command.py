"""Parameters of `blueprint evaluate`."""

from pathlib import Path
from typing import Annotated

import typer

from ..parameters import Json

Flag = typer.Option


def evaluate(
    access_log: Annotated[
        list[Path] | None,
        Flag(
            "--access-log",
            metavar="FILE",
            help="Access log of NGINX, HAProxy, ALB, CloudFront or Envoy, also gzipped; repeat for more.",
        ),
    ] = None,
    log_format: Annotated[
        str | None,
        Flag(metavar="FORMAT", help="log_format of NGINX as text, or an nginx.conf file that has it."),
    ] = None,
    prometheus: Annotated[
        str | None,
        Flag(metavar="URL|FILE", help="Prometheus server, or a file with metrics as text or JSON."),
    ] = None,
    traces: Annotated[
        Path | None, Flag(metavar="FILE", help="Traces as JSON of OTLP or of Jaeger, also gzipped.")
    ] = None,
    repo: Annotated[
        Path | None, Flag(metavar="FOLDER", help="Git repository of the system, with its history.")
    ] = None,
    database: Annotated[
        str | None,
        Flag(metavar="URL", help="PostgreSQL database to read statistics from; it is only read."),
    ] = None,
    save: Annotated[
        Path | None, Flag(metavar="FILE", help="Write what was measured to a needs.yaml file.")
    ] = None,
    json: Json = False,
) -> None:
    """Measure the needs of a running system.

    The report shows today's pattern beside the recommended one, and whether a move is worth it.
    Everything stays on this machine, and no address of a visitor is kept.
    """
    from ..console import Console
    from .flow import EvaluateRequest, run_evaluate

    console = Console(json=json)
    request = EvaluateRequest(
        access_logs=tuple(access_log or ()),
        log_format=log_format,
        prometheus=prometheus,
        traces=traces,
        repository=repo,
        database=database,
        save=save,
    )
    with console.progress("Reading the evidence"):
        result = run_evaluate(request)
    console.result(result)
