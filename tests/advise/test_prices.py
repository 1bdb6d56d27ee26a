"""Prices: dated, sourced, replaceable, and refused with a reason."""

from datetime import date
from pathlib import Path

import pytest

from blueprint.advise.datafiles import load
from blueprint.advise.errors import PricesError
from blueprint.advise.prices import CLOUDS, default_prices, prices_from


def test_every_price_has_a_tag_and_a_source_or_is_remembered() -> None:
    """Seen or computed prices are dated; remembered ones say so."""
    for cloud in CLOUDS:
        for price in default_prices().roles[cloud].values():
            assert price.tag in "SCRJ"
            assert price.as_of or price.tag == "R"
            assert price.usd > 0


def test_prices_seen_in_a_source_are_those_of_the_source() -> None:
    """The roles repeat no figure wrongly."""
    rows = {row["sku"]: row["usd_h"] for row in load("prices")["compute"]}
    for cloud in CLOUDS:
        node = default_prices().of(cloud, "node")
        assert node.usd == rows[node.sku]


def test_an_old_price_is_announced() -> None:
    """From 181 days on, with its date."""
    prices = default_prices()
    fresh = " ".join(prices.warnings("aws", date(2024, 7, 2)))
    stale = " ".join(prices.warnings("aws", date(2026, 11, 22)))
    assert "older than" not in fresh
    assert "older than 180 days (from 2024-07-01)" in stale
    assert "broker" in stale


def test_a_file_replaces_some_prices(tmp_path: Path) -> None:
    """The rest keeps its list price."""
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


def test_the_articles_prices_are_a_marked_preset() -> None:
    """Never the default, and said so wherever they are used."""
    article = prices_from("article")
    assert article.of("aws", "node").usd == 0.0255
    assert default_prices().of("aws", "node").usd != 0.0255
    assert any("article claims" in warning for warning in article.warnings("aws", date(2026, 11, 22)))


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
def test_a_bad_file_is_refused(tmp_path: Path, text: str, says: str) -> None:
    """With the place of the mistake."""
    path = tmp_path / "prices.yaml"
    path.write_text(text)
    with pytest.raises(PricesError) as caught:
        prices_from(str(path))
    assert says in caught.value.message
    assert caught.value.hint


def test_a_missing_file_is_named() -> None:
    """And the preset is mentioned."""
    with pytest.raises(PricesError, match=r"none\.yaml"):
        prices_from("none.yaml")
