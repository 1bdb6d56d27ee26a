"""Needs and facts that metrics show."""

from collections.abc import Mapping, Sequence
from itertools import pairwise, zip_longest

from ..evidence import Evidence, Fact, Measurement
from ..intervals import mean_interval
from .reading import read_series
from .series import Series

# The exporters of brokers and databases name the same thing differently. The first one that is there counts:
# a message that two exporters count is one.
EVENTS = (
    "kafka_server_brokertopicmetrics_messagesin_total",
    "kafka_server_brokertopicmetrics_messagesinpersec_count",
    "kafka_topic_partition_current_offset",
    "rabbitmq_global_messages_received_total",
    "rabbitmq_channel_messages_published_total",
    "nats_varz_in_msgs",
    "pulsar_in_messages_total",
    "redpanda_kafka_records_produced_total",
)
LAG = ("kafka_consumergroup_lag", "kafka_consumergroup_group_lag", "bus_lag", "rabbitmq_queue_messages_ready")
DATA = (
    "pg_database_size_bytes",
    "mysql_info_schema_table_size",
    "mongodb_dbstats_dataSize",
    "aws_rds_used_bytes",
)
MONTH_S = 365.25 / 12 * 86_400
SHORTEST_S = 86_400
"""Observed time from which on a growth is shown."""
INTERNAL = frozenset(
    ("template0", "template1", "postgres", "information_schema", "mysql", "performance_schema", "sys")
)
"""Databases of the server itself."""


def read_metrics(source: str) -> Evidence:
    """Read metrics, and return what they show. Raises EvidenceError."""
    series = read_series(source, (*EVENTS, *LAG, *DATA))
    events, lag, data = (_first(series, names) for names in (EVENTS, LAG, DATA))
    data = [each for each in data if not INTERNAL & {*each.labels.values()}]
    notes = [] if series else ["none of the known metrics is there"]
    if events and not any(each.rates() for each in events):
        notes.append("a single reading of a counter shows no rate; give a server or an answer of query_range")
    measured = [*_events(events), *_data(data), *_growth(data)]
    return Evidence(tuple(measured), tuple(_lag(lag)), (), tuple(notes))


def _first(series: Sequence[Series], names: Sequence[str]) -> list[Series]:
    return next((found for name in names if (found := [each for each in series if each.name == name])), [])


def _events(series: Sequence[Series]) -> list[Measurement]:
    totals = _totals([each.rates() for each in series])
    if not totals:
        return []
    mean = sum(totals) / len(totals)
    low, high = mean_interval(totals)
    evidence = f"{series[0].name}, {len(series)} series over {_hours(series)}"
    return [Measurement("events_per_s", mean, low, high, evidence)]


def _data(series: Sequence[Series]) -> list[Measurement]:
    if not series:
        return []
    size = sum(each.last for each in series) / 1e9
    return [Measurement("data_gb", size, size, size, f"{series[0].name}, {len(series)} series")]


def _growth(series: Sequence[Series]) -> list[Measurement]:
    totals = _totals([_slopes(each) for each in series])
    if not totals or _span(series) < SHORTEST_S:
        return []
    months = [slope * MONTH_S / 1e9 for slope in totals]
    mean, (low, high) = sum(months) / len(months), mean_interval(months)
    evidence = f"{series[0].name} over {_hours(series)}"
    return [Measurement("growth_gb_month", max(0.0, mean), low, max(0.0, high), evidence)]


def _slopes(series: Series) -> list[float]:
    points = series.points
    return [(new - old) / (b - a) for (a, old), (b, new) in pairwise(points) if b > a]


def _totals(rows: Sequence[Sequence[float]]) -> list[float]:
    """Return the sums over all series at each time."""
    return [sum(values) for values in zip_longest(*rows, fillvalue=0.0)]


def _lag(series: Sequence[Series]) -> list[Fact]:
    by_group: dict[str, float] = {}
    for each in series:
        group = _group(each.labels)
        by_group[group] = by_group.get(group, 0.0) + each.last
    shown = ", ".join(
        f"{group} {lag:,.0f}" for group, lag in sorted(by_group.items(), key=lambda row: -row[1])[:5]
    )
    return [Fact("lag of consumers", f"{shown} messages", series[0].name)] if shown else []


def _group(labels: Mapping[str, str]) -> str:
    names = ("consumergroup", "group", "queue", "service", "job")
    return next((labels[name] for name in names if name in labels), "all")


def _span(series: Sequence[Series]) -> float:
    return max(each.points[-1][0] - each.points[0][0] for each in series)


def _hours(series: Sequence[Series]) -> str:
    return f"{_span(series) / 3600:.1f} hours"
