"""Requests that say nothing about the needs: health checks, bots and static files."""

import re

HEALTH_CHECKS, BOTS, STATIC_FILES, MALFORMED = "health checks", "bots", "static files", "malformed requests"

_HEALTH_PATH = re.compile(
    rb"/(?:(?:\w+/)?(?:healthz?|livez|readyz|health[-_/]?(?:check|live|ready|liveness|readiness))|liveness|readiness|"
    rb"alive|live|ready|ping|status|metrics|heartbeat|up|_health|__health__|actuator/\w+|nginx_status|server-status|"
    rb"elb-status|stub_status)/?",
    re.IGNORECASE,
)
_STATIC_PATH = re.compile(
    rb".*(?:\.(?:css|js|mjs|map|png|jpe?g|gif|webp|avif|svg|ico|bmp|woff2?|ttf|otf|eot|mp4|webm|mp3|pdf|txt|"
    rb"webmanifest|wasm)|/(?:static|assets|_next|media)/.*)",
    re.IGNORECASE | re.DOTALL,
)
_PROBES = re.compile(
    rb"ELB-HealthChecker|GoogleHC|kube-probe|Amazon-Route53-Health|Consul Health|UptimeRobot|Pingdom|"
    rb"StatusCake|Site24x7|Datadog(?:/| ?Synthetics)|HAProxy|check_http|Blackbox|Prometheus/|Better ?Uptime|"
    rb"NodePing|HetrixTools|Zabbix",
    re.IGNORECASE,
)
_BOTS = re.compile(
    # A maker of phones is called Cubot.
    rb"(?<!cu)bot(?:\b|[/_-])|crawl|spider|slurp|facebookexternalhit|bingpreview|mediapartners|scrapy|"
    rb"archive\.org|headlesschrome|lighthouse|semrush|ahrefs|zgrab|masscan|nuclei|nikto|censys|"
    rb"expanse|feedfetcher|\+https?:|%2bhttps?:",
    re.IGNORECASE,
)


def kind_of_request(path: bytes) -> str | None:
    """Return why requests for this path are left out; None if they count."""
    if _HEALTH_PATH.fullmatch(path):
        return HEALTH_CHECKS
    return STATIC_FILES if _STATIC_PATH.fullmatch(path) else None


def kind_of_agent(agent: bytes) -> str | None:
    """Return why requests of this user agent are left out; None if they count.

    Bots name themselves, or give the address of a page about them after a plus sign.
    """
    if _PROBES.search(agent):
        return HEALTH_CHECKS
    return BOTS if _BOTS.search(agent) else None
