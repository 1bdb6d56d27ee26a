"""The files for Amazon ECS: OpenTofu accepts them, and they create what the recommendation prices."""

import json
import math
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from blueprint.advise.generator_options import answers_for
from blueprint.advise.prices import default_prices
from blueprint.advise.recommend import model_with, recommend
from blueprint.advise.result import Recommendation
from blueprint.needs.answers import complete
from tests.generated.running import shop

from .opentofu import Definition, Resources
from .projects import PROJECT, Project
from .test_tools import checkov

OPTIONS: dict[str, Any] = {"kubernetes": False, "host": "containers"}
VARIANTS: list[dict[str, Any]] = [
    {},
    {"database": "mysql", "cache": "memcached", "observability": False},
    {"cache": "memory", "auth": "oauth2", "database_standby": False},
    {"stack": "spring", "cache_memory_mib": 4096},
    {"content": True, "contexts": ["identity"]},
]
NEEDS: list[dict[str, Any]] = [
    {},
    {"mean_rps": 3000, "peak_rps": 9000, "read_fraction": 0.95, "ops_maturity": 1},
    {"data_gb": 800},
    {"stage": "prototype", "mean_rps": 0.1, "peak_rps": 1, "availability": 99.9},
]


def project(folder: Path, options: dict[str, Any]) -> Project:
    """Return a project for Amazon ECS."""
    chosen = OPTIONS | options
    return Project(chosen, shop("monolith", folder / "project", chosen))


def definition(folder: Path, options: dict[str, Any]) -> Definition:
    """Return the files of such a project for OpenTofu."""
    return Definition(project(folder, options).folder / "deploy/containers", folder)


def only(resources: Resources, kind: str) -> dict[str, Any]:
    """Return the only resource of a type."""
    (found,) = resources[kind]
    return found


def container(resources: Resources, name: str) -> dict[str, Any]:
    """Return the definition of a container, without what is known only after the image has its registry."""
    (task,) = (each for each in resources["aws_ecs_task_definition"] if each["family"] == name)
    return task


def advised(needs: dict[str, Any]) -> Recommendation:
    """Return the recommendation for some needs."""
    return recommend(complete(needs), model_with(), today=date(2026, 11, 29))


def test_nothing_is_of_another_host(tmp_path: Path) -> None:
    """The project has files for OpenTofu and their commands, and nothing of Kubernetes or one machine."""
    files = project(tmp_path, {}).files
    assert "scripts/containers.py" in files
    assert {path for path in files if path.startswith("deploy/containers")} >= {
        f"deploy/containers/{name}.tf"
        for name in (
            "alarms",
            "cache",
            "database",
            "edge",
            "network",
            "outputs",
            "secrets",
            "shop",
            "versions",
        )
    }
    others = ("deploy/kubernetes", "deploy/machine", "scripts/machine.py", "scripts/release.py")
    assert not [path for path in files if path.startswith(others)]


def test_no_secret_is_in_the_files(tmp_path: Path) -> None:
    """Passwords are values that OpenTofu neither prints nor keeps, and every variable has a value."""
    found = project(tmp_path, {})
    texts = {path: found.text(path) for path in found.files if path.startswith("deploy/containers")}
    for path, text in texts.items():
        assert not re.search(r"(?m)^\s*(password|value|auth_token)\s*=", text.split("output")[0]), path
    settings = texts["deploy/containers/settings.auto.tfvars"]
    sizes = json.loads(found.text("deploy/containers/sizes.auto.tfvars.json"))
    variables = texts["deploy/containers/variables.tf"]
    required = re.findall(r'variable "(\w+)" \{(?:(?!default)[^}])*\}', variables)
    assert {*required} - {"release", "zones"} <= {*re.findall(r"(?m)^(\w+)", settings), *sizes}


@pytest.mark.slow
@pytest.mark.parametrize("needs", NEEDS)
def test_the_readme_has_the_prices_of_the_bill(tmp_path: Path, needs: dict[str, Any]) -> None:
    """Servers, disk, cache, load balancer and gateways cost what the recommendation says."""
    recommendation = advised(needs)
    answers = dict(answers_for(recommendation))
    del answers["pattern"]
    text = project(tmp_path, answers).text("deploy/containers/README.md")
    rows = [float(usd) for usd in re.findall(r"(?m)^\|.*\| (\d+\.\d\d) \|$", text)]
    (bill,) = (each.base for each in recommendation.costs if each.cloud == "aws")
    fixed = {
        *("database_small", "database_per_2_vcpu", "database_memory_per_2_vcpu", "storage_gb_month"),
        *("cache_minimum", "load_balancer", "nat_gateway"),
    }
    assert rows[1:] == pytest.approx([line.usd for line in bill.lines if line.role in fixed], abs=0.3)
    service = recommendation.estimate.plan.services[0]
    vcpu = recommendation.estimate.plan.cpu_millicores / 1000
    hourly = vcpu * _price("container_vcpu") + 2 * vcpu * _price("container_gib")
    assert rows[0] == pytest.approx(service.replicas * hourly * default_prices().hours_per_month, abs=0.01)


@pytest.mark.thorough
def test_checkov_finds_nothing_else(tmp_path: Path) -> None:
    """All checks pass, except those that the project suppresses, each with its reason in the line above."""
    folder = project(tmp_path, {}).folder / "deploy/containers"
    passed, failed = checkov("--config-file", str(folder / ".checkov.yaml"), "--directory", str(folder))
    assert failed == []
    assert passed > 100
    lines = (folder / ".checkov.yaml").read_text().splitlines()
    reasons = [lines[number - 1] for number, line in enumerate(lines) if line.startswith("  - CKV")]
    assert all(each.startswith(("  # ", "  - CKV")) for each in reasons)


@pytest.mark.long
@pytest.mark.parametrize("options", VARIANTS)
def test_opentofu_accepts_the_files(tmp_path: Path, options: dict[str, Any]) -> None:
    """The files have OpenTofu's form, fit the schemas of the provider, and can be planned."""
    found = definition(tmp_path, options)
    assert found.run("fmt", "-check", "-diff") == ""
    found.run("validate")
    found.plan()


@pytest.mark.long
@pytest.mark.parametrize("needs", NEEDS)
def test_what_is_created_is_what_is_priced(tmp_path: Path, needs: dict[str, Any]) -> None:
    """Tasks, bounds, database, cache and gateways of a recommendation are those of its bill."""
    recommendation = advised(needs)
    answers = answers_for(recommendation)
    assert (answers.pop("pattern"), answers["host"]) == ("monolith", "containers")
    resources = definition(tmp_path, dict(answers)).plan()
    (bill,) = (each.base for each in recommendation.costs if each.cloud == "aws")
    lines = {line.role: line for line in bill.lines}
    plan = recommendation.estimate.plan
    (service,) = plan.services

    task = container(resources, PROJECT)
    assert int(task["cpu"]) == round(plan.cpu_millicores / 1000 * 1024)
    assert int(task["memory"]) >= plan.memory_mib
    assert lines["container_gib"].usd / lines["container_vcpu"].usd == pytest.approx(
        int(task["memory"]) / int(task["cpu"]) * _price("container_gib") / _price("container_vcpu")
    )
    bounds = only(resources, "aws_appautoscaling_target")
    assert (bounds["min_capacity"], bounds["max_capacity"]) == (service.replicas, service.max_replicas)

    server = only(resources, "aws_db_instance")
    databases = plan.databases if recommendation.estimate.cached else plan.uncached_databases
    roles = {"database_small", "database_per_2_vcpu", "database_memory_per_2_vcpu"} & lines.keys()
    (role,) = roles
    assert server["instance_class"].rpartition(".")[0] in lines[role].product
    assert (2 if server["multi_az"] else 1) == sum(database.servers for database in databases)
    assert server["allocated_storage"] == max(20, math.ceil(databases[0].storage_gb))

    nodes = resources["aws_elasticache_replication_group"]
    if recommendation.estimate.cached:
        (cache,) = nodes
        priced = lines["cache_minimum"].usd / (_price("cache_minimum") * default_prices().hours_per_month)
        assert cache["num_cache_clusters"] == round(priced)
        assert cache["node_type"] in lines["cache_minimum"].product
    assert bool(nodes) == recommendation.estimate.cached
    gateways = lines["nat_gateway"].usd / (_price("nat_gateway") * default_prices().hours_per_month)
    assert len(resources["aws_nat_gateway"]) == round(gateways)
    assert len(resources["aws_lb"]) == 1


@pytest.mark.long
def test_only_the_load_balancer_is_reachable(tmp_path: Path) -> None:
    """Clients reach the load balancer alone, by HTTP and HTTPS; tasks and servers have no public address."""
    resources = definition(tmp_path, {}).plan()
    rules = resources["aws_vpc_security_group_ingress_rule"]
    open_ports = [rule["from_port"] for rule in rules if rule["cidr_ipv4"]]
    assert sorted(open_ports) == [80, 443]
    (network,) = only(resources, "aws_ecs_service")["network_configuration"]
    assert not network["assign_public_ip"]
    assert not only(resources, "aws_db_instance").get("publicly_accessible")
    listeners = {each["port"]: each["default_action"][0]["type"] for each in resources["aws_lb_listener"]}
    assert listeners == {80: "redirect", 443: "fixed-response"}
    (condition,) = only(resources, "aws_lb_listener_rule")["condition"]
    assert condition["path_pattern"][0]["values"] == ["/.well-known/*", "/v1/*"]


@pytest.mark.long
def test_a_plan_has_no_secret(tmp_path: Path) -> None:
    """What the store makes is in no plan, from which the state is made."""
    found = definition(tmp_path, {})
    resources = found.plan()
    assert resources["aws_ssm_parameter"]
    assert all(each.get("value_wo") is None for each in resources["aws_ssm_parameter"])
    assert only(resources, "aws_db_instance").get("password_wo") is None
    assert "from-the-store" not in found.run("show", "-json", "plan")


@pytest.mark.long
def test_a_release_leaves_the_service_until_it_has_migrated(tmp_path: Path) -> None:
    """Without the service, the plan has the registry, the database and the task that migrates."""
    resources = definition(tmp_path, {}).plan("-exclude=aws_ecs_service.shop")
    assert not resources["aws_ecs_service"]
    assert resources["aws_ecr_repository"]
    assert resources["aws_db_instance"]
    families = {each["family"] for each in resources["aws_ecs_task_definition"]}
    assert families == {PROJECT, f"{PROJECT}-command"}


def _price(role: str) -> float:
    return default_prices().of("aws", role).usd
