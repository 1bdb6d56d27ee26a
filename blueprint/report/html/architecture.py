"""Architecture diagram: the parts, their numbers and the connections between them."""

from collections.abc import Sequence

from blueprint.advise.capacity_plan import CapacityPlan, Database, Service
from blueprint.advise.formatting import count_text
from blueprint.advise.result import Recommendation
from blueprint.report.html.palette import series
from blueprint.report.html.svg import element, figure, line, rect, text

WIDTH = 1080.0
BOX, GAP = 150.0, 18.0
ROW_EDGE, ROW_APP, ROW_LOG, ROW_DATA = 20.0, 148.0, 282.0, 282.0
HEIGHT = 74.0


def architecture(r: Recommendation) -> str:
    """Draw users and load balancer at the top, deployables in the middle, broker and data stores below."""
    plan = r.estimate.plan
    cached = r.options["cache"] != "memory"
    databases = plan.databases if cached else plan.uncached_databases
    log = plan.broker is not None
    data_row = ROW_DATA + (108 if log else 0)
    centers = _centers(len(plan.services), BOX, GAP)
    parts = [_edge(r, centers)]
    width = min(BOX, (WIDTH - 20) / len(centers) - GAP)
    parts += [_service(s, x, r.pattern, width) for s, x in zip(plan.services, centers, strict=True)]
    if log:
        parts.append(_broker(plan, centers))
    stores = _stores(r, databases, cached)
    parts += _data(stores, centers, data_row, log)
    return figure(WIDTH, data_row + HEIGHT + 24, parts, f"Architecture of the recommended {r.pattern}")


def _centers(count: int, width: float, gap: float) -> list[float]:
    step = min(width + gap, (WIDTH - 20) / count)
    return [WIDTH / 2 + (index - (count - 1) / 2) * step for index in range(count)]


def _box(x: float, y: float, title: str, lines: Sequence[str], cls: str, width: float = BOX) -> str:
    labels = [text(x, y + 24, title, "box-title", "middle")]
    labels += [text(x, y + 43 + 17 * row, label, "box-line", "middle") for row, label in enumerate(lines)]
    return rect(x - width / 2, y, width, HEIGHT, f"box {cls}", rx=10) + "".join(labels)


def _arrow(x1: float, y1: float, x2: float, y2: float) -> str:
    """Draw an arrow with right angles."""
    middle = (y1 + y2) / 2
    bend = f"M{x1:.1f} {y1:.1f}V{middle:.1f}H{x2:.1f}V{y2 - 5:.1f}"
    head = f"M{x2 - 4:.1f} {y2 - 7:.1f}L{x2:.1f} {y2 - 1:.1f}L{x2 + 4:.1f} {y2 - 7:.1f}Z"
    return element("path", d=bend, cls="wire") + element("path", d=head, cls="head")


def _edge(r: Recommendation, centers: Sequence[float]) -> str:
    middle = WIDTH / 2
    parts = [
        _box(middle - 250, ROW_EDGE, "Users", [f"{r.needs.peak_rps:,.0f} req/s at the peak"], "plain", 190),
        _box(
            middle,
            ROW_EDGE,
            str(r.options["load_balancer"]),
            ["load balancer", "rate limit, TLS"],
            "plain",
            190,
        ),
        _box(middle + 250, ROW_EDGE, str(r.options["auth"]), [_auth(r)], "plain", 190),
        _across(middle - 155, middle - 95, ROW_EDGE + HEIGHT / 2),
        line(middle + 95, ROW_EDGE + HEIGHT / 2, middle + 155, ROW_EDGE + HEIGHT / 2, "wire dashed"),
    ]
    parts += [_arrow(middle, ROW_EDGE + HEIGHT, x, ROW_APP) for x in centers]
    return "".join(parts)


def _auth(r: Recommendation) -> str:
    return "tokens from the app" if r.options["auth"] == "jwt" else "OpenID Connect provider"


def _across(x1: float, x2: float, y: float) -> str:
    head = f"M{x2 - 7:.1f} {y - 4:.1f}L{x2 - 1:.1f} {y:.1f}L{x2 - 7:.1f} {y + 4:.1f}Z"
    return line(x1, y, x2 - 5, y, "wire") + element("path", d=head, cls="head")


def _service(service: Service, x: float, pattern: str, width: float) -> str:
    behind = "".join(
        rect(
            x - width / 2 + shift, ROW_APP - shift, width, HEIGHT, f"box shadow {series(pattern)}-box", rx=10
        )
        for shift in ((8, 4) if service.max_replicas > 1 else ())
    )
    several = f"{service.replicas} to {service.max_replicas} replicas"
    lines = [
        several if service.max_replicas > service.replicas else count_text(service.replicas, "replica"),
        "as many workers" if service.workers else f"pool of {service.pool_size}",
    ]
    return behind + _box(x, ROW_APP, service.name, lines, f"{series(pattern)}-box", width)


def _broker(plan: CapacityPlan, centers: Sequence[float]) -> str:
    b = plan.broker
    if b is None:
        return ""
    left = min(centers[0] - BOX / 2, WIDTH / 2 - 200)
    width = 2 * (WIDTH / 2 - left)
    bar = rect(left, ROW_LOG, width, 52, "box broker", rx=26)
    size = f"{b.nodes} brokers, {b.partitions} partitions, replication factor {b.replication}"
    wires = "".join(line(x, ROW_APP + HEIGHT, x, ROW_LOG, "wire") for x in centers)
    label = text(WIDTH / 2, ROW_LOG + 23, "Kafka log", "box-title", "middle")
    return wires + bar + label + text(WIDTH / 2, ROW_LOG + 41, size, "box-line", "middle")


def _stores(
    r: Recommendation, databases: Sequence[Database], cached: bool
) -> list[tuple[str, list[str], str]]:
    kind = str(r.options["database"])
    if len(databases) == 1:
        d = databases[0]
        servers = f"{d.servers} x {d.vcpu} vCPU" + (" with a standby" if d.standby else "")
        where = "on the machine of the shop" if r.estimate.plan.single else servers
        more = (
            count_text(d.read_replicas, "read replica")
            if d.read_replicas
            else f"{d.storage_gb:,.0f} GB in a year"
        )
        title = f"{kind}, {d.logical} databases" if d.logical > 1 else kind
        stores = [(title, [where, more], "store")]
    else:
        smallest, largest = min(d.vcpu for d in databases), max(d.vcpu for d in databases)
        size = f"{smallest} vCPU" if smallest == largest else f"{smallest} to {largest} vCPU"
        stores = [
            (
                f"{len(databases)} x {kind}",
                [
                    f"one per deployable, {size}",
                    "each with a standby" if databases[0].standby else "no standby",
                ],
                "store",
            )
        ]
    if cached and r.estimate.plan.cache:
        c = r.estimate.plan.cache
        stores.append(
            (
                str(r.options["cache"]),
                [f"{c.memory_mib:,} MiB", f"answers {c.hit_rate:.0%} of the reads"],
                "store",
            )
        )
    if r.pattern == "monolith" and not r.estimate.plan.broker:
        stores.append(("outbox", ["table and relay", "in the same database"], "store"))
    return stores


def _data(
    stores: list[tuple[str, list[str], str]], centers: Sequence[float], y: float, log: bool
) -> list[str]:
    width = 226.0
    places = _centers(len(stores), width, 50)
    start = ROW_APP + HEIGHT
    if log:
        start = ROW_LOG + 52
    parts = []
    if not log and len(centers) > 1:
        parts += [_merge(x, start, WIDTH / 2) for x in centers]
        start += 30
    parts += [_arrow(WIDTH / 2, start, x, y) for x in places]
    return parts + [_box(x, y, *store, width) for x, store in zip(places, stores, strict=True)]


def _merge(x: float, y: float, middle: float) -> str:
    return element("path", d=f"M{x:.1f} {y:.1f}V{y + 30:.1f}H{middle:.1f}", cls="wire")
