"""Prices of the parts of a plan: by cloud and role, each with its source and date."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from blueprint.advise.datafiles import load
from blueprint.advise.errors import PricesError
from blueprint.documents import DocumentError, read_document

CLOUDS = ("aws", "gcp", "azure")
ARTICLE = "article"
FORM = "For example: `roles: {aws: {node: {sku: m7g.large, usd_h: 0.08}}}`."


class Price(NamedTuple):
    """Price of one role on one cloud; `usd` is per hour for machines, per GB for storage and egress."""

    role: str
    sku: str
    usd: float
    tag: str
    source: str
    as_of: date | None
    vcpu: float = 0.0
    gib: float = 0.0


class PriceList(NamedTuple):
    """Prices of every cloud by cloud and role; `name` says where they come from."""

    name: str
    roles: Mapping[str, Mapping[str, Price]]
    hours_per_month: float
    stale_after_days: int

    def of(self, cloud: str, role: str) -> Price:
        """Return the price of a role on a cloud."""
        return self.roles[cloud][role]

    def dates(self, cloud: str) -> tuple[date, date]:
        """Return the oldest and the newest date of the prices of a cloud."""
        days = [price.as_of for price in self.roles[cloud].values() if price.as_of]
        return min(days), max(days)

    def warnings(self, cloud: str, today: date) -> list[str]:
        """Return the caveats of a bill with the prices of a cloud: old, unverified or claimed ones."""
        stale = [
            p
            for p in self.roles[cloud].values()
            if p.as_of and (today - p.as_of).days > self.stale_after_days
        ]
        remembered = [p.role for p in self.roles[cloud].values() if p.tag == "R"]
        notes = []
        if stale:
            oldest = min(p.as_of for p in stale if p.as_of)
            roles = ", ".join(p.role for p in stale)
            notes.append(
                f"{cloud}: prices older than {self.stale_after_days} days (oldest: {oldest}): {roles}"
            )
        if remembered:
            notes.append(f"{cloud}: prices from memory, not verified: {', '.join(remembered)}")
        if self.name == ARTICLE:
            notes.append(f"{cloud}: the price of a node is the article's claim, not a list price")
        return notes


@cache
def default_prices() -> PriceList:
    """Return the list prices that come with blueprint."""
    return _price_list("list prices", load("prices"), {})


def prices_from(name: str) -> PriceList:
    """Return the prices of a file, or of the preset `article`; other roles keep their list price.

    Raises PricesError.
    """
    document = load("prices-article") if name == ARTICLE else _read(Path(name))
    return _price_list(name, load("prices"), document)


def _read(path: Path) -> Mapping[str, Any]:
    try:
        document = read_document(path).data
    except OSError as error:
        raise PricesError(
            f"{path}: {error.strerror}", hint="Give the path of a price file, or `article`."
        ) from error
    except DocumentError as error:
        line = f" line {error.line}:" if error.line else ""
        raise PricesError(f"{path}:{line} {error.message}", hint=FORM) from error
    if not isinstance(document, dict) or not isinstance(document.get("roles"), dict):
        raise PricesError(f"{path}: `roles:` is missing", hint=FORM)
    return document


def _price_list(name: str, base: Mapping[str, Any], over: Mapping[str, Any]) -> PriceList:
    sources = {**base["sources"], **(over.get("sources") or {})}
    roles = {}
    for cloud in over.get("roles", {}):
        if cloud not in CLOUDS:
            raise PricesError(
                f"{name}: roles.{cloud}: unknown cloud", hint=f"Known clouds: {', '.join(CLOUDS)}."
            )
    for cloud in CLOUDS:
        rows = over.get("roles", {}).get(cloud) or {}
        for role, row in rows.items():
            if not isinstance(row, dict):
                raise PricesError(f"{name}: roles.{cloud}.{role}: expected a price", hint=FORM)
            if role not in base["roles"][cloud]:
                known = ", ".join(base["roles"][cloud])
                raise PricesError(
                    f"{name}: roles.{cloud}.{role}: unknown role", hint=f"Known roles: {known}."
                )
        merged = {**base["roles"][cloud], **rows}
        roles[cloud] = {r: _price(f"{name}: roles.{cloud}.{r}", r, row, sources) for r, row in merged.items()}
    return PriceList(name, roles, base["hours_per_month"], base["stale_after_days"])


def _price(where: str, role: str, row: Mapping[str, Any], sources: Mapping[str, Any]) -> Price:
    try:
        usd = float(row["usd_h"] if "usd_h" in row else row["usd"])
        machine = (
            {"vcpu": float(row.get("vcpu", 2)), "gib": float(row.get("gib", 8))} if role == "node" else {}
        )
        source = str(row.get("source", ""))
        day = (sources.get(source) or {}).get("as_of")
        as_of = date.fromisoformat(str(day)) if day else None
    except KeyError as error:
        raise PricesError(f"{where}: {error} is missing", hint=FORM) from error
    except (TypeError, ValueError, AttributeError) as error:
        raise PricesError(f"{where}: a value is not the number or date that it must be", hint=FORM) from error
    if not 0 <= usd < 1e6 or any(not 0 < size < 1e5 for size in machine.values()):
        raise PricesError(f"{where}: out of range", hint="Use a price of at least 0 USD, and positive sizes.")
    return Price(role, str(row.get("sku", role)), usd, str(row.get("tag", "S")), source, as_of, **machine)
