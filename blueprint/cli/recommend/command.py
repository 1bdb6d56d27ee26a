"""`blueprint recommend`: from needs to a pattern with numbers that can be checked."""

from pathlib import Path
from typing import Annotated

import typer

Flag = typer.Option
_Number = float | None
_Count = int | None
_Word = str | None
_YesNo = bool | None


def recommend(
    context: typer.Context,
    needs: Annotated[
        Path | None, Flag("--needs", metavar="FILE", help="A needs.yaml file to start from.")
    ] = None,
    preset: Annotated[
        _Word,
        Flag(
            metavar="NAME",
            help="small-shop, growing-shop, marketplace, realtime-analytics, cms, ... to start from.",
        ),
    ] = None,
    pattern: Annotated[
        list[str] | None,
        Flag("--pattern", metavar="PATTERN", help="A pattern of your own that competes too, or its folder."),
    ] = None,
    mean_rps: Annotated[_Number, Flag(metavar="N", help="Mean traffic, req/s.")] = None,
    peak_rps: Annotated[_Number, Flag(metavar="N", help="Peak traffic, req/s.")] = None,
    events_per_s: Annotated[
        _Number, Flag(metavar="N", help="Business events or stream records per second.")
    ] = None,
    workload: Annotated[_Word, Flag(metavar="KIND", help="request_response, mixed or streaming")] = None,
    read_fraction: Annotated[
        _Number, Flag(metavar="X", help="Share of the requests that only read, 0 to 1.")
    ] = None,
    payload_kb: Annotated[_Number, Flag(metavar="N", help="Typical item or event, KB.")] = None,
    data_gb: Annotated[_Number, Flag(metavar="N", help="Data in the database, GB.")] = None,
    growth_gb_month: Annotated[_Number, Flag(metavar="N", help="Growth of the data, GB a month.")] = None,
    catalogue_items: Annotated[
        _Count, Flag(metavar="N", help="Different items that readers look at.")
    ] = None,
    catalogue_skew: Annotated[
        _Number, Flag(metavar="S", help="Zipf exponent of the interest in them.")
    ] = None,
    consistency: Annotated[_Word, Flag(metavar="LEVEL", help="strong, read_your_writes or eventual")] = None,
    cross_module_tx: Annotated[
        _Word, Flag(metavar="HOW-MANY", help="Writes that commit in several modules: none, some or many")
    ] = None,
    engineers: Annotated[_Count, Flag(metavar="N", help="People who work on this system.")] = None,
    teams: Annotated[_Count, Flag(metavar="N", help="Teams that release on their own.")] = None,
    independent_deploy: Annotated[_Word, Flag(metavar="HOW", help="none, useful or required")] = None,
    ops_maturity: Annotated[_Count, Flag(metavar="0..5", help="One point for each practice in use.")] = None,
    domain: Annotated[_Word, Flag(metavar="KIND", help="new, partly or stable")] = None,
    stage: Annotated[_Word, Flag(metavar="KIND", help="prototype, growth or mature")] = None,
    availability: Annotated[_Number, Flag(metavar="PERCENT", help="Target, such as 99.9.")] = None,
    p95_ms: Annotated[
        _Number, Flag("--p95-ms", metavar="N", help="Target for 95 of 100 answers, ms.")
    ] = None,
    service_ms: Annotated[
        _Number, Flag("--service-ms", metavar="N", help="Measured service time, ms.")
    ] = None,
    consumers: Annotated[
        _Count, Flag(metavar="N", help="Independently owned readers of the same facts.")
    ] = None,
    replay: Annotated[_YesNo, Flag("--replay/--no-replay", help="History is replayed or audited.")] = None,
    scale_skew: Annotated[
        _Number, Flag(metavar="N", help="Load of the busiest module over the quietest.")
    ] = None,
    isolation: Annotated[_YesNo, Flag("--isolation/--no-isolation", help="A part must be isolated.")] = None,
    customer_installed: Annotated[
        _YesNo, Flag("--customer-installed/--no-customer-installed", help="Customers run it themselves.")
    ] = None,
    budget_usd_month: Annotated[
        _Number, Flag(metavar="USD", help="Limit of the monthly infrastructure cost.")
    ] = None,
    cloud: Annotated[_Word, Flag(metavar="NAME", help="aws, gcp or azure")] = None,
    prices: Annotated[
        _Word, Flag(metavar="FILE", help="Other prices, or `article` for the article's.")
    ] = None,
    save: Annotated[Path | None, Flag(metavar="FILE", help="Write the answers as needs.yaml.")] = None,
    adr: Annotated[Path | None, Flag(metavar="FILE", help="Write a decision record (MADR).")] = None,
    html: Annotated[Path | None, Flag(metavar="FILE", help="Write a page with pictures.")] = None,
    explain: Annotated[
        bool, Flag("--explain", help="Every term with its source, and how the sizes follow.")
    ] = False,
    cases: Annotated[
        bool,
        Flag("--cases", help="Show the published decisions that the model is checked with."),
    ] = False,
    yes: Annotated[bool, Flag("--yes", "-y", help="Ask nothing; what is missing is assumed.")] = False,
    json: Annotated[bool, Flag("--json", help="Print one JSON object, and ask nothing.")] = False,
) -> None:
    """Recommend an architecture from traffic, data and consistency needs."""
    from blueprint.needs.model import INPUT_FIELDS

    from ..console import Console
    from .flow import RecommendRequest, offer_to_generate, run_recommend
    from .result import CasesResult

    console = Console(json=json)
    if cases:
        console.result(CasesResult())
        return
    request = RecommendRequest(
        needs=needs,
        preset=preset,
        flags={name: context.params[name] for name in INPUT_FIELDS if context.params[name] is not None},
        patterns=tuple(pattern or ()),
        prices=prices,
        save=save,
        adr=adr,
        html=html,
        explain=explain,
    )
    ask = console.can_ask and not yes
    advised = run_recommend(request, console, ask=ask)
    console.result(advised)
    if ask:
        offer_to_generate(advised, console)
