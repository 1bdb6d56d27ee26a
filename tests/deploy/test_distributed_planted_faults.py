"""Each check of a distributed shop finds the fault that it is meant for."""

import shutil
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from . import architecture
from .checks import compose, custom, flows, references, variables
from .checks.manifests import Manifest
from .conftest import Overlays
from .projects import EVENT_DRIVEN, Project
from .test_distributed_kubernetes import users
from .test_planted_faults import container, get

pytestmark = pytest.mark.slow


@pytest.fixture
def development(distributed_overlays: Overlays) -> list[Manifest]:
    """Copy of the largest development overlay, to break."""
    built = [found for (_, overlay), (_, found) in distributed_overlays.items() if overlay == "development"]
    return deepcopy(max(built, key=len))


@pytest.fixture
def shop(distributed: list[Project]) -> dict[str, Any]:
    """Copy of the largest Compose file, to break."""
    return deepcopy(max((each.compose for each in distributed), key=lambda each: len(each["services"])))


def allowed(built: list[Manifest]) -> tuple[set[flows.Flow], list[str]]:
    """Return the flows of services."""
    return flows.allowed(built, flows.service_of)


def pods(service: str) -> dict[str, Any]:
    """Return a peer for a network policy."""
    return {"podSelector": {"matchLabels": {flows.NAME: service, flows.COMPONENT: "api"}}}


def test_an_additional_call_is_found(development: list[Manifest]) -> None:
    """A call that both ends allow is found if the architecture does not have it."""
    before, _ = allowed(development)
    get(development, "NetworkPolicy", "catalog")["spec"]["egress"][0]["to"].append(pods("payments"))
    get(development, "NetworkPolicy", "payments")["spec"]["ingress"][0]["from"].append(pods("catalog"))
    assert allowed(development)[0] - before == {("catalog", "payments", 8000)}


def test_a_call_allowed_by_one_end_is_found(development: list[Manifest]) -> None:
    """A call that only one end allows is found."""
    assert allowed(development)[1] == []
    get(development, "NetworkPolicy", "orders")["spec"]["egress"][0]["to"].append(pods("reviews"))
    assert "('orders', 'reviews', 8000) is allowed by only one end" in allowed(development)[1]


def test_a_missing_call_is_found(development: list[Manifest]) -> None:
    """A call without egress is missing from the allowed flows."""
    before, _ = allowed(development)
    peers = get(development, "NetworkPolicy", "orders")["spec"]["egress"][0]["to"]
    peers.remove(pods("cart"))
    assert before - allowed(development)[0] == {("orders", "cart", 8000)}


def test_a_selector_that_is_too_wide_is_found(development: list[Manifest]) -> None:
    """A selector that matches additional services changes the allowed flows."""
    before, _ = allowed(development)
    for name in ("api-to-cache", "cache-from-api"):
        policy = get(development, "NetworkPolicy", name)["spec"]
        selector = (
            policy["podSelector"] if "egress" in policy else policy["ingress"][0]["from"][0]["podSelector"]
        )
        selector["matchExpressions"][0]["values"].append("payments")
    assert {flow[:2] for flow in allowed(development)[0] - before} == {("payments", "cache")}


def test_a_shared_credential_is_found(development: list[Manifest], shop: dict[str, Any]) -> None:
    """The password of orders in the cart's container is found."""
    assert "cart-service" not in users(development, "ORDERS_DATABASE_PASSWORD")
    for variable in container(development, "Deployment", "cart-service")["env"]:
        if variable["name"] == "DATABASE_PASSWORD":
            variable["valueFrom"]["secretKeyRef"]["key"] = "ORDERS_DATABASE_PASSWORD"
    assert "cart-service" in users(development, "ORDERS_DATABASE_PASSWORD")


def test_a_variable_used_before_its_definition_is_found(development: list[Manifest]) -> None:
    """`$(NAME)` before NAME is found, because Kubernetes would not expand it."""
    assert references.expansions(development) == []
    container(development, "Deployment", "catalog-service")["env"].reverse()
    assert any("CALLERS uses" in problem for problem in references.expansions(development))


def test_a_health_check_of_a_job_is_found(shop: dict[str, Any]) -> None:
    """A health check of a migration is found, because a job serves nothing."""
    assert compose.health(shop) == []
    shop["services"]["cart-migrate"]["healthcheck"] = shop["services"]["cart"]["healthcheck"]
    assert any("cart-migrate" in problem for problem in compose.health(shop))


def test_a_service_without_a_health_check_is_found(shop: dict[str, Any]) -> None:
    """A service without a health check is found, because the image has none to inherit."""
    del shop["services"]["cart"]["healthcheck"]
    assert any(problem == "cart: has no health check" for problem in compose.health(shop))


def test_a_call_only_in_the_code_is_found(distributed: list[Project], tmp_path: Path) -> None:
    """A new provider URL in a service's settings is a call that no policy allows."""
    project = distributed[0]
    for folder in ("libs", "services"):
        shutil.copytree(project.folder / folder, tmp_path / folder)
    wiring = tmp_path / "services/payments/src/corner_shop/payments_service/wiring.py"
    wiring.write_text(
        wiring.read_text().replace(
            '    currency: Currency = "EUR"\n', '    currency: Currency = "EUR"\n    cart_url: HttpUrl\n'
        )
    )
    names = architecture.services(project)
    assert variables.calls(tmp_path, names) - architecture.calls(project) == {("payments", "cart")}
    given = variables.of_service(project.compose, "payments")
    assert variables.unset(given, variables.read_by_service(tmp_path, "payments")) == ["CART_URL"]


def test_a_variable_of_another_service_is_found(distributed: list[Project]) -> None:
    """A variable of identity that is set for the cart is found."""
    read = variables.read_by_service(distributed[0].folder, "cart")
    assert variables.unread({"SIGNING_KEYS", "SERVICE_KEY"}, read) == ["SIGNING_KEYS"]


@pytest.fixture
def production(distributed: list[Project], distributed_overlays: Overlays) -> list[Manifest]:
    """Copy of a production overlay with a Kafka cluster, to break."""
    built = [found for (_, overlay), (_, found) in distributed_overlays.items() if overlay == "production"]
    return deepcopy(max(built, key=len))


@EVENT_DRIVEN
def test_a_listener_open_to_all_pods_is_found(production: list[Manifest]) -> None:
    """A listener without peers is found, because Strimzi would admit every pod."""
    before, _ = allowed(production)
    (listener,) = get(production, "Kafka", "kafka")["spec"]["kafka"]["listeners"]
    del listener["networkPolicyPeers"]
    assert ("0.0.0.0/0", "kafka", 9093) in allowed(production)[0] - before
    assert custom.schema(production) == []
    listener["tls"] = False
    assert custom.schema(production) == ["Kafka/kafka: listener clients is open"]


@EVENT_DRIVEN
def test_a_container_of_kafka_that_the_namespace_refuses_is_found(production: list[Manifest]) -> None:
    """Each container of Strimzi's pods has to be restricted, or its pod is not admitted."""
    del get(production, "KafkaNodePool", "brokers")["spec"]["template"]["initContainer"]
    operators = get(production, "Kafka", "kafka")["spec"]["entityOperator"]["template"]
    operators["userOperatorContainer"]["securityContext"]["allowPrivilegeEscalation"] = True
    assert set(custom.schema(production)) == {
        "KafkaNodePool/brokers: initContainer is not restricted",
        "Kafka/kafka: userOperatorContainer is not restricted",
    }


@EVENT_DRIVEN
def test_a_service_without_events_cannot_reach_kafka(production: list[Manifest]) -> None:
    """If Kafka admits the catalog, the catalog's missing egress is found."""
    (listener,) = get(production, "Kafka", "kafka")["spec"]["kafka"]["listeners"]
    listener["networkPolicyPeers"][0]["podSelector"]["matchExpressions"][0]["values"].append("catalog")
    assert allowed(production)[1] == ["('catalog', 'kafka', 9093) is allowed by only one end"]


@EVENT_DRIVEN
def test_invalid_custom_resources_are_found(production: list[Manifest]) -> None:
    """Unknown fields and versions, topics without a cluster, and unlimited rights are found."""
    assert custom.schema(production) + custom.belonging(production) == []
    topic, user = get(production, "KafkaTopic", "orders.v1"), get(production, "KafkaUser", "cart")
    topic["spec"]["retention"] = 1
    user["spec"]["authorization"]["acls"][0]["resource"]["name"] = "*"
    get(production, "KafkaTopic", "views.v1")["apiVersion"] = "kafka.strimzi.io/v1beta2"
    assert len(custom.schema(production)) == 3
    topic["metadata"]["labels"] = {}
    topic["spec"]["replicas"] = 4
    assert custom.belonging(production) == [
        "KafkaTopic/orders.v1: belongs to no cluster",
        "KafkaTopic/orders.v1: more copies than brokers",
    ]


@EVENT_DRIVEN
def test_invalid_scalers_are_found(production: list[Manifest]) -> None:
    """Missing targets, topics and credentials, and two scalers of one target, are found."""
    assert custom.scaling(production) == []
    autoscaler = get(production, "HorizontalPodAutoscaler", "cart-service")
    autoscaler["spec"]["scaleTargetRef"]["name"] = "cart-worker"
    payments = get(production, "ScaledObject", "payments-worker")["spec"]
    payments["triggers"][0]["metadata"]["topic"] = "payments.v2"
    payments["triggers"][1]["authenticationRef"]["name"] = "nobody"
    payments["minReplicaCount"] = 9
    get(production, "ScaledObject", "orders-worker")["spec"]["scaleTargetRef"]["name"] = "orders"
    assert sorted(custom.scaling(production)) == [
        "ScaledObject/cart-worker: its target's replicas are also set elsewhere",
        "ScaledObject/orders-worker: its target does not exist",
        "ScaledObject/payments-worker: minReplicaCount is above maxReplicaCount",
        "ScaledObject/payments-worker: no credentials nobody",
        "ScaledObject/payments-worker: no topic payments.v2",
    ]


@EVENT_DRIVEN
def test_the_password_of_a_missing_user_is_found(production: list[Manifest]) -> None:
    """A Secret of a missing user is found, because Strimzi creates one only for each user."""
    assert not any("key password" in problem for problem in references.settings(production, ()))
    production.remove(get(production, "KafkaUser", "cart"))
    problems = [problem for problem in references.settings(production, ()) if "key password" in problem]
    assert {problem.split(":")[0] for problem in problems} == {
        "Deployment/cart-service/api",
        "Deployment/cart-worker/worker",
    }
