"""Prices of the parts of a plan: by cloud and role, each with its source and date."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from blueprint.advise.datafiles import load, read_data
from blueprint.advise.errors import PricesError

CLOUDS = ("aws", "gcp", "azure")
ARTICLE = "article"
FORM = "For example: `roles: {aws: {node: {sku: m7g.large, usd_h: 0.08}}}`."


class Price(NamedTuple):
    """Price of one role on one cloud; `usd` is per hour for machines, per GB for storage and egress.

    `verified` says whether it was seen on the provider's page or in its price API. `tiers` are pairs of a
    limit in GB a month and the price below it, `sizes` of a size in GB and a price a month. `replaces` is how
    many brokers one unit replaces, and `included_gb` the storage that it includes.
    """

    role: str
    sku: str
    usd: float
    tag: str
    source: str
    as_of: date | None
    verified: bool
    vcpu: float = 0.0
    gib: float = 0.0
    tiers: tuple[tuple[float, float], ...] = ()
    sizes: tuple[tuple[float, float], ...] = ()
    per_gb: bool = False
    replication: bool = False
    free_share: float = 0.0
    replaces: int = 1
    included_gb: float = 0.0

    def of_quantity(self, quantity: float) -> float:
        """Return the price in USD of a quantity in the unit of the price, at the price of each tier."""
        if not self.tiers:
            return quantity * self.usd
        total, below = 0.0, 0.0
        for limit, usd in self.tiers:
            total += max(0.0, min(quantity, limit) - below) * usd
            below = limit
        return total


class Machine(NamedTuple):
    """A machine to rent: `sustained` is the number of vCPUs that it always has, `usd` its price per hour."""

    sku: str
    vcpu: float
    sustained: float
    gib: float
    usd: float
    verified: bool


class PriceList(NamedTuple):
    """Prices of every cloud by cloud and role; `name` says where they come from."""

    name: str
    roles: Mapping[str, Mapping[str, Price]]
    machines: Mapping[str, tuple[Machine, ...]]
    hours_per_month: float
    stale_after_days: int

    def of(self, cloud: str, role: str) -> Price:
        """Return the price of a role on a cloud."""
        return self.roles[cloud][role]

    def dates(self, cloud: str, roles: Iterable[str]) -> tuple[date, date] | None:
        """Return the oldest and the newest date of the prices of these roles, if any has a date."""
        days = [day for role in roles if (day := self._dated(cloud, role))]
        return (min(days), max(days)) if days else None

    def warnings(self, cloud: str, roles: Iterable[str], today: date) -> list[str]:
        """Return the caveats of a bill with the prices of these roles: old, unverified or claimed ones."""
        used = [self.of(cloud, role) for role in roles if role in self.roles[cloud]]
        stale = [p for p in used if p.as_of and (today - p.as_of).days > self.stale_after_days]
        unverified = [p.role.replace("_", " ") for p in used if not p.verified]
        notes = []
        if stale:
            oldest = min(p.as_of for p in stale if p.as_of)
            names = ", ".join(p.role.replace("_", " ") for p in stale)
            notes.append(
                f"{cloud}: prices older than {self.stale_after_days} days (oldest: {oldest}): {names}"
            )
        if unverified:
            notes.append(f"{cloud}: prices that are not verified: {', '.join(unverified)}")
        if self.name == ARTICLE:
            notes.append(f"{cloud}: the price of a node is the article's claim, not a list price")
        return notes

    def _dated(self, cloud: str, role: str) -> date | None:
        return self.roles[cloud][role].as_of if role in self.roles[cloud] else None


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
    document = read_data(path, PricesError, "Give the path of a price file, or `article`.", FORM)
    if not isinstance(document, dict) or not isinstance(document.get("roles"), dict):
        raise PricesError(f"{path}: `roles:` is missing", hint=FORM)
    return document


def _price_list(name: str, base: Mapping[str, Any], over: Mapping[str, Any]) -> PriceList:
    sources = {**base["sources"], **(over.get("sources") or {})}
    roles = {}
    known_roles = {cloud: {**base["everywhere"], **base["roles"][cloud]} for cloud in CLOUDS}
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
            if role not in known_roles[cloud]:
                known = ", ".join(known_roles[cloud])
                raise PricesError(
                    f"{name}: roles.{cloud}.{role}: unknown role", hint=f"Known roles: {known}."
                )
        merged = {**known_roles[cloud], **rows}
        roles[cloud] = {r: _price(f"{name}: roles.{cloud}.{r}", r, row, sources) for r, row in merged.items()}
    machines = {cloud: _machines(base["compute"], cloud) for cloud in CLOUDS}
    return PriceList(name, roles, machines, base["hours_per_month"], base["stale_after_days"])


def _machines(rows: Sequence[Mapping[str, Any]], cloud: str) -> tuple[Machine, ...]:
    """Return the machines of a cloud, cheapest first."""
    machines = [
        Machine(row["sku"], row["vcpu"], row["sustained"], row["gib"], row["usd_h"], row["verified"])
        for row in rows
        if row["cloud"] == cloud
    ]
    return tuple(sorted(machines, key=lambda machine: machine.usd))


def _price(where: str, role: str, row: Mapping[str, Any], sources: Mapping[str, Any]) -> Price:
    try:
        usd = float(row["usd_h"] if "usd_h" in row else row["usd"])
        machine = (
            {"vcpu": float(row.get("vcpu", 2)), "gib": float(row.get("gib", 8))} if role == "node" else {}
        )
        source = str(row.get("source", ""))
        day = (sources.get(source) or {}).get("as_of")
        as_of = date.fromisoformat(str(day)) if day else None
        tiers, sizes = (
            tuple((float(limit), float(price)) for limit, price in row.get(key, ()))
            for key in ("tiers", "sizes")
        )
        numbers = {key: float(row[key]) for key in ("free_share", "included_gb") if key in row}
    except KeyError as error:
        raise PricesError(f"{where}: {error} is missing", hint=FORM) from error
    except (TypeError, ValueError, AttributeError) as error:
        raise PricesError(f"{where}: a value is not the number or date that it must be", hint=FORM) from error
    if not 0 <= usd < 1e6 or any(not 0 < size < 1e5 for size in machine.values()):
        raise PricesError(f"{where}: out of range", hint="Use a price of at least 0 USD, and positive sizes.")
    return Price(
        role=role,
        sku=str(row.get("sku", role)),
        usd=usd,
        tag=str(row.get("tag", "S")),
        source=source,
        as_of=as_of,
        verified=bool(row.get("verified", True)),
        tiers=tiers,
        sizes=sizes,
        per_gb=bool(row.get("per_gb")),
        replication=bool(row.get("replication")),
        replaces=int(row.get("replaces", 1)),
        **machine,
        **numbers,
    )
