"""Parameters of `blueprint recommend`."""

from pathlib import Path
from typing import Annotated

import typer

from ..completion import complete_input, complete_pattern, complete_preset
from ..parameters import JsonWithoutQuestions

Flag = typer.Option
_Number = float | None
_Count = int | None
_Text = str | None
_YesNo = bool | None


def recommend(
    context: typer.Context,
    needs: Annotated[
        Path | None, Flag("--needs", metavar="FILE", help="needs.yaml file to start from.")
    ] = None,
    preset: Annotated[
        _Text,
        Flag(
            metavar="NAME",
            help="Needs to start from: cms, b2b-saas, small-shop, growing-shop, marketplace, iot-telemetry "
            "or realtime-analytics.",
            autocompletion=complete_preset,
        ),
    ] = None,
    pattern: Annotated[
        list[str] | None,
        Flag(
            "--pattern",
            metavar="PATTERN",
            help="Another pattern to compare, by name or folder; repeat for more.",
            autocompletion=complete_pattern,
        ),
    ] = None,
    mean_rps: Annotated[_Number, Flag(metavar="N", help="Mean traffic, in requests per second.")] = None,
    peak_rps: Annotated[_Number, Flag(metavar="N", help="Peak traffic, in requests per second.")] = None,
    events_per_s: Annotated[
        _Number, Flag(metavar="N", help="Business events or stream records per second.")
    ] = None,
    workload: Annotated[
        _Text,
        Flag(
            metavar="[request_response|mixed|streaming]",
            help="Kind of workload.",
            autocompletion=complete_input("workload"),
        ),
    ] = None,
    read_fraction: Annotated[
        _Number, Flag(metavar="X", help="Fraction of requests that only read, 0 to 1.")
    ] = None,
    payload_kb: Annotated[_Number, Flag(metavar="N", help="Size of a typical item or event, in KB.")] = None,
    data_gb: Annotated[_Number, Flag(metavar="N", help="Data in the database, in GB.")] = None,
    growth_gb_month: Annotated[_Number, Flag(metavar="N", help="Growth of the data, in GB a month.")] = None,
    catalogue_items: Annotated[_Count, Flag(metavar="N", help="Distinct items that readers request.")] = None,
    catalogue_skew: Annotated[
        _Number, Flag(metavar="S", help="Zipf exponent of the popularity of items.")
    ] = None,
    consistency: Annotated[
        _Text,
        Flag(
            metavar="[eventual|read_your_writes|strong]",
            help="Required consistency.",
            autocompletion=complete_input("consistency"),
        ),
    ] = None,
    cross_module_tx: Annotated[
        _Text,
        Flag(
            metavar="[none|some|many]",
            help="Writes that commit in several modules.",
            autocompletion=complete_input("cross_module_tx"),
        ),
    ] = None,
    engineers: Annotated[_Count, Flag(metavar="N", help="Engineers who work on this system.")] = None,
    teams: Annotated[_Count, Flag(metavar="N", help="Teams that release independently.")] = None,
    releases_per_week: Annotated[
        _Number, Flag(metavar="N", help="Releases of each team to production, per week.")
    ] = None,
    waiting_percent: Annotated[
        _Number, Flag(metavar="PERCENT", help="Changes that wait for another team, of 100.")
    ] = None,
    independent_deploy: Annotated[_Text, Flag(hidden=True)] = None,
    ops_maturity: Annotated[_Count, Flag(metavar="0..5", help="Operational practices in use.")] = None,
    domain: Annotated[
        _Text,
        Flag(
            metavar="[new|partly|stable]",
            help="How well the domain is understood.",
            autocompletion=complete_input("domain"),
        ),
    ] = None,
    stage: Annotated[
        _Text,
        Flag(
            metavar="[prototype|growth|mature]",
            help="Stage of the product.",
            autocompletion=complete_input("stage"),
        ),
    ] = None,
    stack: Annotated[
        _Text,
        Flag(
            metavar="[any|python|spring]",
            help="Stack that the team knows best.",
            autocompletion=complete_input("stack"),
        ),
    ] = None,
    availability: Annotated[
        _Number, Flag(metavar="PERCENT", help="Availability target, such as 99.9.")
    ] = None,
    p95_ms: Annotated[
        _Number, Flag("--p95-ms", metavar="N", help="Target for the 95th percentile of latency, in ms.")
    ] = None,
    service_ms: Annotated[
        _Number, Flag("--service-ms", metavar="N", help="Measured service time of a request, in ms.")
    ] = None,
    consumers: Annotated[
        _Count, Flag(metavar="N", help="Independently owned consumers of the same events.")
    ] = None,
    replay: Annotated[
        _YesNo, Flag("--replay/--no-replay", help="History must be replayed or audited.")
    ] = None,
    scale_skew: Annotated[
        _Number, Flag(metavar="N", help="Load of the busiest module relative to the quietest.")
    ] = None,
    isolation: Annotated[
        _YesNo, Flag("--isolation/--no-isolation", help="A part of the system must be isolated.")
    ] = None,
    customer_installed: Annotated[
        _YesNo,
        Flag("--customer-installed/--no-customer-installed", help="Customers install and run the system."),
    ] = None,
    budget_usd_month: Annotated[
        _Number, Flag(metavar="USD", help="Budget for infrastructure, per month.")
    ] = None,
    cloud: Annotated[
        _Text, Flag(metavar="[aws|gcp|azure]", help="Cloud provider.", autocompletion=complete_input("cloud"))
    ] = None,
    host: Annotated[
        _Text,
        Flag(
            metavar="[any|machine|platform|containers|kubernetes]",
            help="Where the system must run.",
            autocompletion=complete_input("host"),
        ),
    ] = None,
    cdn: Annotated[
        _YesNo, Flag("--cdn/--no-cdn", help="A content delivery network answers cacheable reads.")
    ] = None,
    kafka_retention_days: Annotated[
        _Number, Flag(metavar="N", help="How long Kafka keeps events, in days.")
    ] = None,
    engineer_usd_month: Annotated[
        _Number, Flag(metavar="USD", help="Cost of an engineer, per month; shown beside the bill.")
    ] = None,
    prices: Annotated[
        _Text, Flag(metavar="FILE", help="YAML file of prices, or `article` for the prices of the article.")
    ] = None,
    measured: Annotated[
        list[Path] | None,
        Flag(
            "--measured",
            metavar="FILE",
            help="YAML file that `make bench` in a generated project wrote; repeat for other patterns.",
        ),
    ] = None,
    save: Annotated[Path | None, Flag(metavar="FILE", help="Write the answers to a needs.yaml file.")] = None,
    adr: Annotated[Path | None, Flag(metavar="FILE", help="Write a decision record in MADR format.")] = None,
    html: Annotated[Path | None, Flag(metavar="FILE", help="Write an HTML report with charts.")] = None,
    project: Annotated[
        Path | None,
        Flag(
            "--project",
            metavar="FOLDER",
            help="Project that the first step begins in. Its recorded needs count, unless you name others.",
        ),
    ] = None,
    check: Annotated[
        _Text,
        Flag(
            metavar="PATH",
            help="Compare Kubernetes manifests, or the sizes of a container service, with the needs: an "
            "overlay, a folder of overlays, a rendered file, or `-` for standard input. The exit status is 8 "
            "if a need is not met.",
        ),
    ] = None,
    explain: Annotated[
        bool, Flag("--explain", help="Show each scoring term with its source, and how the sizes are derived.")
    ] = False,
    cases: Annotated[
        bool,
        Flag("--cases", help="Show the published decisions that the model is tested against."),
    ] = False,
    yes: Annotated[
        bool, Flag("--yes", "-y", help="Ask no questions; assume defaults for missing answers.")
    ] = False,
    json: JsonWithoutQuestions = False,
) -> int:
    """Recommend an architecture from your needs.

    The needs come from flags, a needs.yaml file, a preset, or questions at a terminal. With --check, they
    are those that the project of the manifests recorded, unless you name others.
    """
    from ..console import Console
    from .flow import RecommendRequest, given_flags, prepare, run_recommend
    from .result import CasesResult

    console = Console(json=json)
    if cases:
        console.result(CasesResult())
        return 0
    request = RecommendRequest(
        needs=needs,
        preset=preset,
        flags=given_flags(context.params),
        patterns=tuple(pattern or ()),
        prices=prices,
        measured=tuple(measured or ()),
        save=save,
        adr=adr,
        html=html,
        explain=explain,
        project=project,
    )
    if check is not None:
        from .check.flow import check_manifests

        checked = check_manifests(request, check)
        console.result(checked)
        return checked.status
    if console.can_ask and not yes:
        from .conversation import converse

        converse(request, console)
        return 0
    prepared = prepare(request)
    console.result(run_recommend(request, prepared, prepared.answers))
    return 0
