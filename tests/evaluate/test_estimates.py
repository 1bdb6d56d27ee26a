"""Estimates in constant memory: percentiles, items and routes, against exact counts."""

import random
from collections import Counter
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as some

from blueprint.evaluate.histogram import RELATIVE_ERROR, bucket_of, mean, quantile
from blueprint.evaluate.intervals import mean_interval, share_interval
from blueprint.evaluate.logs.items import ItemBudget, ItemSample, popularity
from blueprint.evaluate.logs.kinds import BOTS, HEALTH_CHECKS, STATIC_FILES, kind_of_agent, kind_of_request
from blueprint.evaluate.logs.routes import MAX_PLACES, OPEN_FROM, Routes, module_of, without_ids


@given(some.lists(some.floats(0, 1e7), min_size=1, max_size=200), some.sampled_from([0, 0.5, 0.9, 0.99, 1]))
def test_percentiles_and_the_mean_are_within_their_error(values: list[float], share: float) -> None:
    """A percentile is within 1 % of the exact one, and so is the mean."""
    counts = Counter(map(bucket_of, values))
    exact = sorted(values)[int(share * (len(values) - 1))]
    assert quantile(counts, share) == pytest.approx(exact, rel=1.01 * RELATIVE_ERROR)
    assert mean(counts) == pytest.approx(sum(values) / len(values), rel=1.01 * RELATIVE_ERROR)


def test_without_values_percentiles_are_0() -> None:
    """An empty histogram has no percentile above 0."""
    assert (quantile({}, 0.5), mean({})) == (0, 0)


@given(some.integers(0, 1_000), some.integers(1, 1_000))
def test_the_interval_of_a_share_holds_it(part: int, whole: int) -> None:
    """The interval lies between 0 and 1 and holds the share, also if it is 0 or 1."""
    part = min(part, whole)
    low, high = share_interval(part, whole)
    assert 0 <= low <= part / whole + 1e-9
    assert part / whole - 1e-9 <= high <= 1


def test_more_batches_make_a_mean_surer() -> None:
    """The interval of a mean shrinks with the number of batches."""
    few, many = (mean_interval([1.0, 3.0] * count) for count in (2, 200))
    assert few[0] < many[0] < 2 < many[1] < few[1]


@pytest.mark.parametrize("exponent", [0.5, 0.8, 1.2])
def test_items_and_skew_are_found_in_a_sample(exponent: float) -> None:
    """With a tenth of the room that all items need, their number and skew are within a few percent."""
    chance, budget = random.Random(7), ItemBudget(1_000)  # noqa: S311 - not for secrets
    sample = budget.sample()
    weights = list(accumulate(rank**-exponent for rank in range(1, 10_001)))
    for number, count in Counter(chance.choices(range(10_000), cum_weights=weights, k=1_000_000)).items():
        budget.item(f"/products/{number}", sample).views += count
    found = popularity(sample.views(), sample.weight)

    assert len(sample.items) <= 1_000
    assert found.items == pytest.approx(10_000, rel=0.1)
    assert found.exponent == pytest.approx(exponent, rel=0.15)


def test_a_route_of_single_views_does_not_displace_the_catalog() -> None:
    """When the room is full, the largest sample shrinks: the orders, not the products."""
    budget = ItemBudget(1_000)
    products, orders = budget.sample(), budget.sample()
    for number in range(300):
        budget.item(f"/products/{number}", products)
    for number in range(50_000):
        budget.item(f"/orders/{number}", orders)
    assert (len(products.items), products.weight) == (300, 1)
    assert len(products.items) + len(orders.items) <= 1_000


def test_samples_of_joined_routes_keep_what_both_would_keep() -> None:
    """Two samples become one with the smaller share of both."""
    budget = ItemBudget(100)
    one, other = budget.sample(), ItemSample()
    for number in range(1_000):
        budget.item(f"/a/{number}", one)
    budget.item("/a/x", other)
    joined = one.joined(other)
    assert joined.weight == one.weight
    assert all(joined.has_room_for(path) for path in joined.items)


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/", "/"),
        ("/products/12", "/products/{id}"),
        ("/products/12/reviews", "/products/{id}/reviews"),
        ("/orders/5f0c1c9e-0000-4000-8000-1234567890ab", "/orders/{uuid}"),
        ("/orders/5f0c1c9e00004000800012345678", "/orders/{id}"),
        ("/p/SKU-00123", "/p/{id}"),
        ("/p/red-shoes-size-42", "/p/{slug}"),
        ("/users/ada@example.com", "/users/{id}"),
        ("/v1/sign-in", "/v1/sign-in"),
    ],
)
def test_ids_become_one_route(path: str, route: str) -> None:
    """Numbers, ids and long slugs are variable; names and versions stay."""
    assert Routes().route(path) == route
    assert Routes().route(without_ids(path)) == route


def test_short_slugs_are_variable_once_there_are_many() -> None:
    """A place of a path with many names is variable, and paths that came before join the route."""
    routes = Routes()
    before = [routes.route(f"/shop/shoe{chr(97 + n % 26)}{chr(97 + n // 26)}") for n in range(OPEN_FROM + 1)]
    assert before[0] == "/shop/shoeaa"
    assert {routes.route(route) for route in before} == {"/shop/{slug}"}


def test_a_scan_does_not_fill_the_memory() -> None:
    """Any number of different paths make a bounded number of routes."""
    routes = Routes()
    names = (f"/{chr(97 + n % 26) * 3}x/{'y' * (n % 50 + 1)}/z{'w' * (n % 7)}" for n in range(9_000))
    found = {routes.route(name) for name in names}
    assert routes.route("/a/b") in ("/a/b", "/a/{slug}")
    assert len(found) <= MAX_PLACES * OPEN_FROM


def test_the_module_is_the_first_name_after_prefixes() -> None:
    """Prefixes such as /api/v1 and /en are no modules."""
    found = [module_of(route) for route in ("/api/v1/orders/{id}", "/en/products", "/{id}", "/")]
    assert found == ["orders", "products", "/", "/"]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/healthz", HEALTH_CHECKS),
        ("/api/health", HEALTH_CHECKS),
        ("/metrics", HEALTH_CHECKS),
        ("/static/app", STATIC_FILES),
        ("/img/a.PNG", STATIC_FILES),
        ("/orders/status", None),
        ("/products/ready", None),
        ("/products/12", None),
    ],
)
def test_paths_that_are_left_out(path: str, kind: str | None) -> None:
    """Health checks and static files are told by their paths; a status of an order is neither."""
    assert kind_of_request(path.encode()) == kind


@pytest.mark.parametrize(
    ("agent", "kind"),
    [
        ("Googlebot/2.1 (+http://www.google.com/bot.html)", BOTS),
        ("Mozilla/5.0%20(compatible;%20bingbot/2.0)", BOTS),
        ("ELB-HealthChecker/2.0", HEALTH_CHECKS),
        ("kube-probe/1.30", HEALTH_CHECKS),
        ("Mozilla/5.0 (Linux; Android 9; CUBOT_X19)", None),
        ("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", None),
        ("", None),
    ],
)
def test_agents_that_are_left_out(agent: str, kind: str | None) -> None:
    """Bots and probes are told by their names; a phone called Cubot is a visitor."""
    assert kind_of_agent(agent.encode()) == kind
