"""The files for production on one machine: what they start, expose and limit."""

import re
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from blueprint.advise.generator_options import answers_for
from blueprint.advise.prices import CLOUDS, default_prices
from blueprint.advise.recommend import model_with, recommend
from blueprint.needs.answers import complete
from tests.generated.running import shop
from tests.servers.process import eventually

from . import edges, standins
from .checks import compose, variables
from .clients import ask
from .machines import OPTIONS
from .projects import Project

SHOPS = pytest.mark.parametrize(
    ("pattern", "stack"),
    [
        (pattern, stack)
        for pattern in ("monolith", "microservices", "event-driven")
        for stack in ("python", "spring")
    ],
)
SYSTEM_MIB = 0.4 * 1024
LIMITS: dict[str, list[edges.Change]] = {
    "nginx": [(r"rate=100r/s", "rate=1r/m"), (r"burst=200", "burst=2")],
    "haproxy": [(r"http_req_rate\(2s\)", "http_req_rate(1m)"), (r"gt 200", "gt 3")],
}
"""Changes that limit a client to a few requests a minute."""


def project(folder: Path, pattern: str, options: dict[str, Any]) -> Project:
    """Return a project for one machine."""
    chosen = OPTIONS | options
    return Project(chosen, shop(pattern, folder / "project", chosen), pattern)


def production(project: Project) -> compose.Compose:
    """Return both files as one, with variables as they are written."""
    text = project.text("deploy/machine/compose.yaml").replace("!reset ", "")
    whole: compose.Compose = _merged(project.compose, yaml.load(text, yaml.CSafeLoader))
    return whole


@SHOPS
def test_only_caddy_is_exposed(tmp_path: Path, pattern: str, stack: str) -> None:
    """Caddy has the ports of HTTP and HTTPS, no other container has one, and nothing is of Kubernetes."""
    found = project(tmp_path, pattern, {"stack": stack, "observability": True})
    ports = {name: each["ports"] for name, each in production(found)["services"].items() if each.get("ports")}
    assert ports == {"tls": ["80:80", "443:443"]}
    assert not [path for path in found.files if path.startswith("deploy/kubernetes")]


@SHOPS
@pytest.mark.parametrize("database", ["postgresql", "mysql"])
def test_containers_are_hardened_restarted_and_logged(
    tmp_path: Path, pattern: str, stack: str, database: str
) -> None:
    """Each container has limits, few rights and rotated logs; each server is checked and restarted."""
    found = project(tmp_path, pattern, {"stack": stack, "database": database, "observability": True})
    whole = production(found)
    assert compose.hardening(whole) == []
    assert compose.health(whole) == []
    assert compose.references(whole, found.files) == []
    # `make up` uses the port of the edge, and Compose itself the name of the project.
    documented = documented_in(found) - {"COMPOSE_PROJECT_NAME", "EDGE_PORT"}
    assert compose.secrets(whole, documented) == []
    for name, service in whole["services"].items():
        assert service["restart"] in ("unless-stopped", "no"), name
        assert service["logging"] == {"driver": "local", "options": {"max-size": "10m", "max-file": "5"}}, (
            name
        )
    only = {name for name, each in whole["services"].items() if "cap_add" in each}
    assert only == {"tls"}


@pytest.mark.thorough
@SHOPS
def test_compose_accepts_the_files(tmp_path: Path, pattern: str, stack: str) -> None:
    """The installed Compose merges both files; images have the tag of the release."""
    found = project(tmp_path, pattern, {"stack": stack, "observability": True})
    services = compose.merged(found.folder / "deploy", "machine/compose.yaml")["services"]
    assert services["tls"]["environment"] == {"DOMAIN": "shop.example.com"}
    assert services["grafana"]["environment"]["GF_SERVER_ROOT_URL"] == "https://shop.example.com/grafana/"
    built = {each["image"] for each in services.values() if "build" in each}
    assert built
    assert all(image.endswith(":local") for image in built)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_containers_of_a_prototype_fit_the_machine(tmp_path: Path, cloud: str) -> None:
    """All limits, those of one copy more, and the system fit into the machine that the advisor prices."""
    needs = complete({"stage": "prototype", "engineers": 1, "mean_rps": 0.1, "cloud": cloud})
    recommendation = recommend(needs, model_with(), today=date(2026, 11, 22))
    answers = answers_for(recommendation)
    found = project(tmp_path, str(answers.pop("pattern")), dict(answers))
    services = production(found)["services"]
    used = SYSTEM_MIB + _memory(services["app"])
    for name, service in services.items():
        if name != "migrate":
            used += service["deploy"].get("replicas", 1) * _memory(service)
    (bill,) = (each.base for each in recommendation.costs if each.cloud == cloud)
    (sku,) = (line.product for line in bill.lines if line.role == "machine")
    (machine,) = (each for each in default_prices().machines[cloud] if each.sku == sku)
    assert used <= machine.gib * 1024
    limits = [float(each["deploy"]["resources"]["limits"]["cpus"]) for each in services.values()]
    assert max(limits) <= machine.vcpu


@SHOPS
def test_the_issuer_is_elsewhere(tmp_path: Path, pattern: str, stack: str) -> None:
    """In production, what verifies tokens reaches the issuer of .env; Keycloak is only in the trial."""
    found = project(tmp_path, pattern, {"stack": stack, "auth": "oauth2"})
    released, trial = production(found), _merged(found.compose, found.trial)
    programs = {
        name
        for name, service in released["services"].items()
        if "OIDC_ISSUER" in service.get("environment", {}) and service["restart"] != "no"
    }
    networks = {name: set(each["networks"]) for name, each in released["services"].items()}
    assert {name for name, each in networks.items() if "outside" in each} == programs
    assert {name for name, each in networks.items() if "public" in each} == {"edge", "tls"}
    assert "keycloak" not in released["services"]
    for name in programs:
        production_settings = released["services"][name]["environment"]
        assert production_settings["OIDC_ISSUER"].startswith("${OIDC_ISSUER:?")
        assert production_settings["PUBLIC_URL"].startswith("https://${DOMAIN:?")
        assert "OIDC_DISCOVERY_URL" not in production_settings
        service = trial["services"][name]
        assert service["environment"]["OIDC_DISCOVERY_URL"].startswith("http://keycloak:8080/")
        assert service["depends_on"]["keycloak"] == {"condition": "service_healthy"}
    for whole in (released, trial):
        assert compose.hardening(whole) == []
        assert compose.health(whole) == []
        missing = compose.references(whole, found.files)
        # The trial also mounts the audit, from outside of this folder.
        assert [each for each in missing if "../proof" not in each] == []
    documented = documented_in(found) - {"COMPOSE_PROJECT_NAME"}
    assert compose.secrets(_merged(trial, released), documented) == []


@SHOPS
def test_mail_goes_to_a_server_elsewhere(tmp_path: Path, pattern: str, stack: str) -> None:
    """In production, what has the accounts, and nothing else, reaches the mail server of .env."""
    found = project(tmp_path, pattern, {"stack": stack})
    whole = production(found)
    (name,) = (name for name, each in whole["services"].items() if "outside" in each["networks"])
    assert name == ("app" if pattern == "monolith" else "identity")
    assert whole["networks"]["outside"] == {}
    accounts = whole["services"][name]
    assert "public" not in accounts["networks"]
    mail = {"SMTP_URL", "MAIL_FROM"}
    assert {each: accounts["environment"][each] for each in mail} == {each: f"${{{each}:-}}" for each in mail}
    assert mail <= read_by(found)
    # A shop without a mail server is the default, and `make deploy/.env` gives each empty variable a secret.
    assert not mail & found.variables("deploy/env.example").keys()
    assert mail <= documented_in(found)


@pytest.mark.slow
@pytest.mark.parametrize("kind", LIMITS)
def test_only_the_trial_routes_to_keycloak(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In production, its paths are unknown; in the trial, they lead to Keycloak, which does not run here."""
    found = project(tmp_path, "monolith", {"load_balancer": kind, "auth": "oauth2"})
    text = found.text(edges.CONFIGURATION[kind])
    if kind == "nginx":
        routes = found.folder / "deploy/nginx/trial.conf"
        routes.write_text(routes.read_text().replace("keycloak:8080", "127.0.0.1:9"))
    with standins.serve(tmp_path) as (_, shop_port):
        with edges.serve(kind, text, [shop_port], tmp_path) as port:
            assert ask(port, "/realms/shop").status == 404
        changes = edges.trial(found, monkeypatch)
        with edges.serve(kind, text, [shop_port], tmp_path, changes) as port:
            assert ask(port, "/realms/shop").status == 503


@pytest.mark.slow
@pytest.mark.parametrize("kind", LIMITS)
def test_the_edge_takes_the_client_from_caddy(tmp_path: Path, kind: str) -> None:
    """Limits and logs are about the client, and not about Caddy, from which all requests come."""
    found = project(tmp_path, "monolith", {"load_balancer": kind})
    text = found.text(edges.CONFIGURATION[kind])
    with ExitStack() as stack:
        _, shop_port = stack.enter_context(standins.serve(tmp_path))
        port = stack.enter_context(edges.serve(kind, text, [shop_port], tmp_path, LIMITS[kind]))
        one, other = ({"X-Forwarded-For": f"203.0.113.{number}"} for number in (1, 2))
        assert 429 in [ask(port, "/v1/cart", headers=one).status for _ in range(10)]
        assert ask(port, "/v1/cart", headers=other).status == 200
        log = tmp_path / f"{kind}.log"
        # An edge that is stopped sooner may not write its last line.
        eventually(lambda: "203.0.113.2" in log.read_text())
    clients = set(re.findall(r'"client":"([^"]*)"', log.read_text()))
    assert clients == {"203.0.113.1", "203.0.113.2"}


def documented_in(found: Project) -> set[str]:
    """Return the variables of env.example, also those in comments."""
    return set(re.findall(r"(?m)^(?:# )?([A-Z_]+)=", found.text("deploy/env.example")))


def read_by(found: Project) -> set[str]:
    """Return the variables that any program of the shop reads."""
    if found.in_python:
        return set(variables.read_by(found.folder))
    resources = found.folder.rglob("src/main/resources")
    return {name for folder in resources for name in variables.read_by_spring(folder)}


def _merged(first: Any, second: Any) -> Any:
    # Compose appends lists; an empty one is what `!reset` leaves.
    if isinstance(first, list) and second:
        return first + second
    if not (isinstance(first, dict) and isinstance(second, dict)):
        return second
    return first | {name: _merged(first.get(name), value) for name, value in second.items()}


def _memory(service: dict[str, Any]) -> int:
    return int(service["deploy"]["resources"]["limits"]["memory"].removesuffix("M"))
