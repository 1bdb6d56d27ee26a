"""Notes on the host: what the generator cannot express yet, promises, budget, prices and limits."""

from collections.abc import Iterator, Mapping

from blueprint.advise.capacity_plan import Demand
from blueprint.advise.cost.bill import Bill
from blueprint.advise.datafiles import constants
from blueprint.advise.formatting import share_text
from blueprint.advise.hosting.choice import HostChoice, Hosted
from blueprint.advise.prices import PriceList
from blueprint.advise.providers import CONTAINERS, database_volume_gb, host_definition, product
from blueprint.needs.inputs import InputValue
from blueprint.needs.model import Needs

NOTABLE_SHARE = 0.1


def hosting_notes(
    choice: HostChoice, needs: Needs, demand: Demand, prices: PriceList, options: Mapping[str, InputValue]
) -> tuple[str, ...]:
    """Return what a reader must know about the host and the bill of the recommended pattern."""
    hosted = choice.hosted
    base = hosted.bill(demand, prices, needs.cloud)
    return (
        f"it runs on {product(needs.cloud, hosted.host)}: {choice.reason}",
        *_unsupported(hosted, needs, options),
        _verified(base),
        *_budget(hosted, base, needs, demand, prices),
        *_availability(hosted, needs),
        *_size_of_data(hosted, needs),
        *_retention(base, needs),
        *_ask_the_provider(hosted, base, needs),
    )


def _verified(base: Bill) -> str:
    bill = f"the bill of {base.total:,.0f} USD a month"
    if not base.unverified_share:
        return f"{bill} rests on verified prices only"
    return f"{share_text(base.unverified_share)} of {bill} rests on prices that are not verified"


def _unsupported(hosted: Hosted, needs: Needs, options: Mapping[str, InputValue]) -> Iterator[str]:
    definition = host_definition(needs.cloud, hosted.host).definition
    if definition is None or (hosted.host == CONTAINERS and options.get("host") != CONTAINERS):
        yield (
            f"the project has images and a compose file, but no definition for "
            f"{product(needs.cloud, hosted.host)} yet: write it from deploy/compose.yaml"
        )


def _budget(hosted: Hosted, base: Bill, needs: Needs, demand: Demand, prices: PriceList) -> Iterator[str]:
    budget = needs.budget_usd_month
    if budget is None:
        return
    low, high = (hosted.bill(demand, prices, needs.cloud, level).total for level in ("low", "high"))
    # A budget below the base estimate is a risk, with a precaution.
    if base.total <= budget < high:
        yield (
            f"the budget of {budget:,.0f} USD is within the estimate of {low:,.0f} to {high:,.0f} USD: "
            "measure before you commit to it"
        )


def _availability(hosted: Hosted, needs: Needs) -> Iterator[str]:
    # A given target that is missed is a gate or a risk, with a precaution.
    if "availability" in needs.assumed and hosted.promised < needs.availability / 100:
        yield (
            f"in one region the agreements of the provider promise {hosted.promised:.2%}, "
            f"less than the assumed target of {needs.availability:g}%"
        )


def _size_of_data(hosted: Hosted, needs: Needs) -> Iterator[str]:
    limit, warn_from = database_volume_gb(needs.cloud), constants("database", "cost")["warn_from"]
    stored = max(database.storage_gb for database in hosted.plan.databases)
    shards = max(database.shards for database in hosted.plan.databases)
    if stored > warn_from * limit or shards > 1:
        spread = f"over {shards} servers" if shards > 1 else "on one server"
        yield (
            f"{stored:,.0f} GB in a year, {spread}, is {stored / limit:.0%} of the largest volume of a "
            f"managed PostgreSQL server ({limit:,.0f} GB): plan archiving or shards now"
        )


def _retention(base: Bill, needs: Needs) -> Iterator[str]:
    retained = sum(line.usd for line in base.lines if line.role == "broker_gb_month")
    if "kafka_retention_days" in needs.assumed and retained >= NOTABLE_SHARE * base.total:
        yield (
            f"{retained / base.total:.0%} of the bill keeps events for an assumed "
            f"{needs.kafka_retention_days:g} days: decide how long Kafka must keep them"
        )


def _ask_the_provider(hosted: Hosted, base: Bill, needs: Needs) -> Iterator[str]:
    w = constants("warnings", "cost")
    brokers = hosted.plan.broker.nodes if hosted.plan.broker else 0
    if brokers >= w["ask_from_brokers"]:
        yield (
            f"{brokers:,} brokers for {needs.events_per_s:,.0f} events/s exceed what list prices and default "
            "quotas cover: ask the provider for an offer before you use this bill"
        )
    elif base.total >= w["ask_from_usd_month"]:
        yield "list prices end below such a bill: ask the provider for an offer before you use it"
