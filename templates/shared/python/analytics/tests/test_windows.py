"""Windows compared with a simple count over all events."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..bucket import second_of
from ..domain import ORDERS, VIEWS, Conversion, Partition, Summary, TopProduct
from ..windows import Windows
from .memory_bus import NOW, Record, ago, event, order, view

A, B = (ORDERS, 0), (VIEWS, 0)
HOUR = 3600


def windows() -> Windows:
    """Return windows at the start of two partitions."""
    made = Windows(NOW)
    for partition in (A, B):
        made.put(partition, 1, 0, {})
    return made


def records(partition: Partition, *values: bytes) -> list[Record]:
    """Return the values as the first records of a partition."""
    return [Record(partition, offset, value) for offset, value in enumerate(values)]


def shown(*values: bytes) -> Summary:
    """Return the summary after the given order events."""
    made = windows()
    made.apply(records(A, *values))
    return made.summary(NOW, "EUR")


def test_placed_orders_are_counted_by_second() -> None:
    """The window covers the last sixty whole seconds."""
    made = shown(*(order("OrderPlaced", ago(s), [("A", 1, 5)]) for s in (0.1, 1, 1.2, 60, 61)))
    seconds = made.orders_per_second
    assert len(seconds) == 60
    assert {index: count for index, count in enumerate(seconds) if count} == {59: 2, 0: 1}


def test_revenue_of_confirmed_orders_is_counted_by_minute() -> None:
    """The current minute is the last value."""
    made = shown(
        order("OrderConfirmed", ago(0), [("A", 2, 50), ("B", 1, 7)]),
        order("OrderConfirmed", ago(16), [("A", 1, 50)]),
        order("OrderConfirmed", ago(HOUR - 46), [("A", 1, 1)]),
        order("OrderConfirmed", ago(HOUR), [("A", 1, 50)]),
        order("OrderPlaced", ago(0), [("A", 1, 50)]),
        order("OrderRejected", ago(0), [("A", 1, 50)]),
        order("OrderCancelled", ago(0), [("A", 1, 50)]),
    )
    assert len(made.revenue_per_minute) == 60
    assert {index: sum for index, sum in enumerate(made.revenue_per_minute) if sum} == {59: 107, 58: 50, 0: 1}
    assert made.refunded == 50
    assert made.top_products == [TopProduct("A", 4, 151), TopProduct("B", 1, 7)]


def test_conversion_is_confirmed_orders_per_view() -> None:
    """It is null without views."""
    made = windows()
    made.apply(records(A, order("OrderConfirmed", ago(1), [])))
    assert made.summary(NOW, "EUR").conversion == Conversion(0, 1, None)
    made.apply(records(B, *(view(ago(s)) for s in (1, 2, 3000, 4000))))
    assert made.summary(NOW, "EUR").conversion == Conversion(3, 1, 1 / 3)


def test_the_top_products_are_the_ten_with_the_most_units_sold() -> None:
    """Ties are ordered by SKU."""
    made = shown(order("OrderConfirmed", ago(1), [(f"S{n:02}", 1 + n // 2, 1) for n in range(30)]))
    assert [each.sku for each in made.top_products] == [
        "S28", "S29", "S26", "S27", "S24", "S25", "S22", "S23", "S20", "S21",
    ]  # fmt: skip


def test_sales_leave_the_window_with_their_minute() -> None:
    """Sales in other minutes stay."""
    made = windows()
    sales = (order("OrderConfirmed", ago(s), [("A", 1, 5), (f"S{s}", 1, 1)]) for s in (0, 3000))
    made.apply(records(A, *sales))
    later = made.summary(NOW + timedelta(seconds=1800), "EUR")
    assert later.top_products == [TopProduct("A", 1, 5), TopProduct("S0", 1, 1)]
    assert made.summary(NOW + timedelta(hours=2), "EUR").top_products == []


@pytest.mark.parametrize(
    "poison", [b"", b"{", b"[]", b'{"time": "yesterday"}', event("OrderConfirmed", ago(1), {"order": None})]
)
def test_a_record_that_is_not_an_event_is_skipped(poison: bytes) -> None:
    """Other records are counted."""
    made = shown(poison, order("OrderConfirmed", ago(1), [("A", 1, 5)]))
    assert made.conversion.confirmed == 1


@dataclass(frozen=True)
class SampleEvent:
    """An event in a form that is easy to count."""

    kind: str
    age: float
    lines: tuple[tuple[str, int, int], ...]
    id: UUID

    def value(self) -> bytes:
        """Return the event's envelope in JSON."""
        if self.kind == "view":
            return view(ago(self.age))
        return order(self.kind, ago(self.age), self.lines, self.id)


KINDS = ["OrderPlaced", "OrderConfirmed", "OrderRejected", "OrderCancelled"]
AGES = st.floats(0, 100) | st.floats(0, 4000) | st.sampled_from([0.5, 15.5, 60.5, 3555.5, 3555.6])
LINES = st.dictionaries(st.sampled_from("ABCD"), st.tuples(st.integers(1, 9), st.integers(0, 99)), max_size=3)
ORDER_EVENTS = st.builds(
    SampleEvent,
    st.sampled_from(KINDS),
    AGES,
    LINES.map(lambda lines: tuple((sku, *rest) for sku, rest in lines.items())),
    st.uuids(version=4),
)


@st.composite
def logs(draw: st.DrawFn) -> dict[Partition, list[SampleEvent]]:
    """Two partitions of orders with some duplicated events, and one of views."""
    made: dict[Partition, list[SampleEvent]] = {}
    for number in (0, 1):
        events = draw(st.lists(ORDER_EVENTS, max_size=12))
        again = draw(st.lists(st.sampled_from(events), max_size=4)) if events else []
        made[ORDERS, number] = draw(st.permutations([*events, *again]))
    made[VIEWS, 0] = [SampleEvent("view", age, (), UUID(int=0)) for age in draw(st.lists(AGES, max_size=12))]
    return made


def counted(log: dict[Partition, list[SampleEvent]], later: float) -> Summary:
    """Return the expected summary `later` seconds after `NOW`: every event of the log counted once."""
    now = NOW + timedelta(seconds=later)
    second, minute = second_of(now), second_of(now) // 60
    events = [each for told in log.values() for each in dict.fromkeys(told) if each.kind != "view"]
    views = [each for told in log.values() for each in told if each.kind == "view"]

    def within(kind: str, some: list[SampleEvent]) -> list[SampleEvent]:
        return [e for e in some if e.kind == kind and 0 <= minute - second_of(ago(e.age)) // 60 < 60]

    confirmed = within("OrderConfirmed", events)
    seconds = Counter(second_of(ago(each.age)) for each in within("OrderPlaced", events))
    revenue: Counter[int] = Counter()
    units: Counter[str] = Counter()
    earned: Counter[str] = Counter()
    for each in confirmed:
        for sku, quantity, price in each.lines:
            revenue[second_of(ago(each.age)) // 60] += quantity * price
            units[sku] += quantity
            earned[sku] += quantity * price
    best = sorted(units, key=lambda sku: (-units[sku], sku))
    seen = len(within("view", views))
    return Summary(
        time=now,
        currency="EUR",
        orders_per_second=[seconds[s] for s in range(second - 60, second)],
        revenue_per_minute=[revenue[m] for m in range(minute - 59, minute + 1)],
        refunded=sum(q * p for each in within("OrderCancelled", events) for _, q, p in each.lines),
        top_products=[TopProduct(sku, units[sku], earned[sku]) for sku in best],
        conversion=Conversion(seen, len(confirmed), len(confirmed) / seen if seen else None),
    )


@given(logs(), st.data(), st.floats(0, 4000))
def test_every_event_is_counted_once_at_its_event_time(
    log: dict[Partition, list[SampleEvent]], data: st.DataObject, later: float
) -> None:
    """Holds for late and duplicated events, for any batches, and while time passes in between."""
    made = Windows(NOW)
    reached = dict.fromkeys(log, 0)
    for partition in log:
        made.put(partition, 1, 0, {})
    passed = 0.0
    for partition in data.draw(st.lists(st.sampled_from(list(log)), max_size=12)) + list(log):
        # A batch starts at or before the end of the last one, like redelivered records.
        start = data.draw(st.integers(0, reached[partition]))
        end = data.draw(st.integers(start, len(log[partition])))
        batch = [Record(partition, at, log[partition][at].value()) for at in range(start, end)]
        made.apply(batch)
        reached[partition] = max(reached[partition], end)
        passed = data.draw(st.floats(passed, later))
        made.advance(NOW + timedelta(seconds=passed))
    read = {partition: told[: reached[partition]] for partition, told in log.items()}
    assert made.summary(NOW + timedelta(seconds=later), "EUR") == counted(read, later)
