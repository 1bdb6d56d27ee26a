"""Tests of prices: sources and dates, price files, and errors in them."""

from datetime import date
from pathlib import Path

import pytest

from blueprint.advise.datafiles import load
from blueprint.advise.errors import PricesError
from blueprint.advise.prices import CLOUDS, default_prices, prices_from


def test_every_price_has_a_date_or_is_tagged_as_remembered() -> None:
    """Every price has a tag and, unless it is remembered, the date of its source."""
    for cloud in CLOUDS:
        for price in default_prices().roles[cloud].values():
            assert price.tag in "SCRJ"
            assert price.as_of or price.tag == "R"
            assert price.usd > 0 or "free" in price.sku
            assert price.as_of or not price.verified


def test_the_price_of_a_node_equals_its_source() -> None:
    """The node price of each cloud equals the row of its SKU in the table of sources."""
    rows = {row["sku"]: row["usd_h"] for row in load("prices")["compute"]}
    for cloud in CLOUDS:
        node = default_prices().of(cloud, "node")
        assert node.usd == rows[node.sku]


def test_an_old_price_has_a_caveat() -> None:
    """Prices older than 180 days are listed with the oldest date."""
    prices = default_prices()
    fresh = " ".join(prices.warnings("aws", prices.roles["aws"], date(2024, 7, 2)))
    stale = " ".join(prices.warnings("aws", prices.roles["aws"], date(2026, 11, 22)))
    assert "older than" not in fresh
    assert "older than 180 days (oldest: 2024-07-01)" in stale
    assert "broker" in stale


def test_a_price_file_replaces_some_prices(tmp_path: Path) -> None:
    """A price file replaces the roles that it names; the others keep their list price."""
    path = tmp_path / "prices.yaml"
    path.write_text(
        "sources: {offer: {as_of: 2026-11-01}}\n"
        "roles: {aws: {node: {sku: reserved, usd_h: 0.05, vcpu: 4, gib: 16, source: offer}}}\n"
    )
    prices = prices_from(str(path))
    assert prices.of("aws", "node").usd == 0.05
    assert prices.of("aws", "node").vcpu == 4
    assert prices.of("aws", "node").as_of == date(2026, 11, 1)
    assert prices.of("aws", "broker") == default_prices().of("aws", "broker")


def test_the_prices_of_the_article_are_marked() -> None:
    """The article's prices are not the default, and every bill with them has a caveat."""
    article = prices_from("article")
    assert article.of("aws", "node").usd == 0.0255
    assert default_prices().of("aws", "node").usd != 0.0255
    assert any(
        "the article's claim" in warning for warning in article.warnings("aws", [], date(2026, 11, 22))
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[]", "`roles:` is missing"),
        ("roles: {ibm: {}}", "roles.ibm"),
        ("roles: {aws: {nodes: {usd_h: 1}}}", "roles.aws.nodes"),
        ("roles: {aws: {node: {usd_h: -1}}}", "roles.aws.node: out of range"),
        ("roles: {aws: {node: {usd_h: .nan}}}", "roles.aws.node: out of range"),
        ("roles: {aws: {node: {usd_h: 1, vcpu: 0}}}", "roles.aws.node: out of range"),
        ("roles: {aws: {node: {sku: x}}}", "roles.aws.node"),
        ("roles: {aws: {node: 3}}", "roles.aws.node"),
        ("roles: [", "line 2"),
        ("a: &a [1]\nroles: *a", "alias"),
    ],
)
def test_an_invalid_price_file_is_refused(tmp_path: Path, text: str, says: str) -> None:
    """An invalid price file is refused with the path of the faulty value and a hint."""
    path = tmp_path / "prices.yaml"
    path.write_text(text)
    with pytest.raises(PricesError) as caught:
        prices_from(str(path))
    assert says in caught.value.message
    assert caught.value.hint


def test_a_missing_file_is_named() -> None:
    """The error about a missing price file names the file."""
    with pytest.raises(PricesError, match=r"none\.yaml"):
        prices_from("none.yaml")
