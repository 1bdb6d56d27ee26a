"""Cost of the network and of logs: load balancer, NAT, egress, CDN, traffic between zones, log lines."""

from blueprint.advise.cost.lines import Line, Rates, Workload
from blueprint.advise.datafiles import constants
from blueprint.advise.providers import host_definition

FILE = "cost"
SECONDS_PER_HOUR = 3600
KB_PER_GB = 1_000_000


def network_lines(work: Workload, rates: Rates) -> list[Line]:
    """Return the lines of the traffic; a platform includes it in the price of its processes."""
    rented = host_definition(rates.cloud, rates.host).rents
    if "egress" not in rented:
        return []
    n = constants("network", FILE)
    requests = work.demand.mean_rps * _usage(rates)
    egress = _monthly_gb(requests * work.demand.payload_kb * n["response_kb_factor"], rates)
    lines = _egress(work, rates, egress)
    if "load_balancer" in rented:
        lines += _load_balancer(requests, egress, rates)
    if "nat" in rented:
        lines.append(rates.hourly("network", "NAT gateways", "nat_gateway", n["zones"]))
        lines.append(rates.line("network", "NAT traffic", "nat_gb", egress * n["nat_share"]))
    if "between_zones" in rented:
        lines.append(rates.line("network", "between zones", "cross_zone_gb", _cross_zone_gb(work, rates)))
    if "logs" in rented:
        logs = work.demand.mean_rps * constants("operations", FILE)["log_kb_per_request"][rates.level]
        lines.append(rates.line("operations", "logs", "logs_gb", _monthly_gb(logs, rates)))
    return lines


def _usage(rates: Rates) -> float:
    factor: float = constants("levels", FILE)["usage"][rates.level]
    return factor


def _monthly_gb(kilobytes_per_second: float, rates: Rates) -> float:
    return kilobytes_per_second * SECONDS_PER_HOUR * rates.hours / KB_PER_GB


def _load_balancer(requests: float, egress: float, rates: Rates) -> list[Line]:
    """Return the balancer and its capacity units: the larger of its connections and its traffic counts."""
    n = constants("network", FILE)
    gb_per_hour = egress / rates.hours
    connections = requests * n["new_connections"][rates.level] / n["unit_connections"]
    unit = rates.of("load_balancer_unit")
    units = gb_per_hour if unit.per_gb else max(connections, gb_per_hour / n["unit_gb_hour"])
    return [
        rates.hourly("network", "load balancer", "load_balancer", 1),
        rates.hourly("network", "balancer units", "load_balancer_unit", units),
    ]


def _egress(work: Workload, rates: Rates, egress: float) -> list[Line]:
    if not work.demand.cdn:
        return [rates.line("network", "egress", "egress_gb", egress)]
    share = constants("network", FILE)["cdn_hit_share"] * work.demand.read_fraction
    requests = work.demand.mean_rps * _usage(rates) * SECONDS_PER_HOUR * rates.hours
    return [
        rates.line("network", "egress", "egress_gb", egress * (1 - share)),
        rates.line("network", "CDN egress", "cdn_gb", egress * share),
        rates.line("network", "CDN requests", "cdn_10k_requests", requests * share / 10_000),
    ]


def _cross_zone_gb(work: Workload, rates: Rates) -> float:
    """Return the traffic between zones in GB a month: rows, calls between services, and events."""
    n, demand = constants("network", FILE), work.demand
    per_request = n["internal_kb_factor"] + (n["calls"] * n["call_kb_factor"] if work.plan.chain > 1 else 0)
    kilobytes = demand.mean_rps * demand.payload_kb * per_request
    if work.plan.broker:
        copies = work.plan.broker.replication - 1 if rates.of("cross_zone_gb").replication else 0
        kilobytes += demand.events_per_s * demand.payload_kb * (2 + copies)
    return _monthly_gb(kilobytes * _usage(rates) * n["cross_zone_share"], rates)
