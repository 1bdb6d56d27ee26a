"""Kafka of an event-driven shop: topics, access rights, addresses and settings."""

import json
import subprocess
from typing import Any

import pytest

from tests.generated.environment import python_for_all

from . import architecture
from .checks import manifests, references
from .checks.manifests import Manifest
from .conftest import Overlays
from .projects import EVENT_DRIVEN, Project

pytestmark = [EVENT_DRIVEN, pytest.mark.slow]

HOUR = 3_600_000
OWN = ("Describe", "Read", "Write")
EVERY_TOPIC = """
import json
from choreography.topics import SUBSCRIPTIONS, every_topic
topics = {topic.name: [topic.partitions, topic.retention_hours] for topic in every_topic(6, (5, 60, 600))}
print(json.dumps({"topics": topics, "subscriptions": SUBSCRIPTIONS}))
"""


@pytest.fixture
def production(distributed: list[Project], distributed_overlays: Overlays) -> list[Manifest]:
    """Production overlay of one project."""
    return next(built for (_, overlay), (_, built) in distributed_overlays.items() if overlay == "production")


@pytest.fixture
def code(distributed: list[Project]) -> dict[str, Any]:
    """Topics as the shop's code defines them."""
    done = subprocess.run(
        [python_for_all(), "-c", EVERY_TOPIC],
        env={"PYTHONPATH": str(distributed[0].folder / "libs/src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_topics_are_those_of_the_code(production: list[Manifest], code: dict[str, Any]) -> None:
    """Topics have the code's partitions and retention, and three replicas."""
    made = {
        each["metadata"]["name"]: [each["spec"]["partitions"], each["spec"]["config"]["retention.ms"]]
        for each in references.of_kind(production, "KafkaTopic")
    }
    expected = {
        name: [partitions, -1 if hours is None else hours * HOUR]
        for name, (partitions, hours) in code["topics"].items()
    }
    assert made == expected
    assert {each["spec"]["replicas"] for each in references.of_kind(production, "KafkaTopic")} == {3}


def test_expected_subscriptions_are_those_of_the_code(code: dict[str, Any]) -> None:
    """The expected subscriptions match the code, so that the tests of access rights are valid."""
    assert code["subscriptions"] == {
        name: topics for name, topics in architecture.CONSUMES.items() if name != "analytics"
    }


def test_rights_are_those_of_the_architecture(distributed: list[Project], production: list[Manifest]) -> None:
    """Each service writes its topic, reads its subscriptions, and owns its retry and dead-letter topics.

    Orders, which has the audit, sees how far the groups are.
    """
    users = {
        each["metadata"]["name"]: {
            (
                rule["resource"]["type"],
                rule["resource"]["name"],
                rule["resource"]["patternType"],
                *sorted(rule["operations"]),
            )
            for rule in each["spec"]["authorization"]["acls"]
        }
        for each in references.of_kind(production, "KafkaUser")
    }
    assert users.keys() == {*architecture.CONSUMES, "dead-letters"}
    for name, heard in architecture.CONSUMES.items():
        expected: set[tuple[str, ...]] = {("group", name, "literal", "Read")}
        expected |= {("topic", topic, "literal", "Describe", "Read") for topic in heard}
        if name != "analytics":
            expected |= {("topic", f"{topic}.{name}.", "prefix", *OWN) for topic in heard}
        if name in architecture.PUBLISHES:
            expected.add(("topic", architecture.PUBLISHES[name], "literal", "Describe", "Write"))
        if name != "analytics" and distributed[0].options["observability"]:
            expected.add(("group", "reader", "literal", "Describe"))
        if name == "orders":
            others = architecture.CONSUMES.keys() - {"orders", "analytics"}
            expected |= {("group", other, "literal", "Describe") for other in others}
            expected |= {
                ("topic", f"{topic}.{other}.", "prefix", "Describe")
                for other in others
                for topic in architecture.CONSUMES[other]
            }
        assert users[name] == expected


def test_only_one_user_manages_dead_letters(production: list[Manifest], code: dict[str, Any]) -> None:
    """The user that replays dead letters can read all of them, and no other topics."""
    (user,) = (
        each
        for each in references.of_kind(production, "KafkaUser")
        if each["metadata"]["name"] == "dead-letters"
    )
    rules = [
        (rule["resource"]["name"], rule["operations"])
        for rule in user["spec"]["authorization"]["acls"]
        if rule["resource"]["type"] == "topic"
    ]
    letters = {name for name in code["topics"] if name.endswith(".dlq")}
    assert {name for name, operations in rules if "Read" in operations} == letters
    assert {name.replace(".dlq", ".retry-1") for name in letters} == {name for name, _ in rules} - letters


def test_each_service_connects_as_its_own_user(
    distributed: list[Project], distributed_overlays: Overlays
) -> None:
    """Services connect to Kafka with their own password over verified TLS; in development without either."""
    for (_, overlay), (project, built) in distributed_overlays.items():
        maps = {each["metadata"]["name"]: each["data"] for each in references.of_kind(built, "ConfigMap")}
        (bus,) = (data for name, data in maps.items() if name.startswith("bus-"))
        named = {}
        for where, container in manifests.containers(built):
            given = {each["name"]: each for each in container.get("env", [])}
            if "KAFKA_SASL_USERNAME" in given:
                secret = given["KAFKA_SASL_PASSWORD"]["valueFrom"]["secretKeyRef"]
                named[where.split("/")[1]] = (given["KAFKA_SASL_USERNAME"]["value"], secret["name"])
                mounts = [each["mountPath"] for each in container["volumeMounts"]]
                assert bus["KAFKA_SSL_CA_LOCATION"] in mounts
        if overlay == "development":
            assert (named, bus["BUS_URL"]) == ({}, "kafka://broker:9092")
            continue
        event_services = architecture.event_services(project)
        assert named == {
            host if host.endswith("-worker") else f"{host}-service": (service, service)
            for host, service in architecture.processes(project).items()
            if service in event_services
        }
        assert (bus["KAFKA_SECURITY_PROTOCOL"], bus["KAFKA_SASL_MECHANISM"]) == ("sasl_ssl", "SCRAM-SHA-512")


def test_workers_are_scaled_by_consumer_lag(production: list[Manifest]) -> None:
    """Workers scale by the lag of every topic of their group, up to one for each partition."""
    found = references.of_kind(production, "ScaledObject")
    scalers = {each["metadata"]["name"]: each["spec"] for each in found}
    heard = {name: topics for name, topics in architecture.CONSUMES.items() if name != "analytics"}
    assert scalers.keys() == {f"{name}-worker" for name in heard}
    for name, topics in heard.items():
        spec = scalers[f"{name}-worker"]
        triggers = [each["metadata"] for each in spec["triggers"]]
        assert {each["consumerGroup"] for each in triggers} == {name}
        assert [each["topic"] for each in triggers] == topics
        assert (spec["minReplicaCount"], spec["maxReplicaCount"]) == (2, 6 if name == "orders" else 4)


def test_session_timeout_is_shorter_than_the_default(
    distributed: list[Project], production: list[Manifest]
) -> None:
    """A crashed consumer is replaced before the default of 45 seconds, in production and development."""
    (kafka,) = references.of_kind(production, "Kafka")
    told = {key: str(value) for key, value in kafka["spec"]["kafka"]["config"].items()}
    for properties in (told, distributed[0].variables("deploy/kafka/server.properties")):
        for name in ("group.consumer.session.timeout.ms", "group.consumer.min.session.timeout.ms"):
            assert int(properties[name]) <= 10_000
        assert properties["auto.create.topics.enable"].lower() == "false"


def test_broker_and_clients_use_the_same_address(distributed: list[Project]) -> None:
    """The broker advertises the address that clients are configured with."""
    for project in distributed:
        advertised = project.variables("deploy/kafka/server.properties")["advertised.listeners"]
        environment = project.compose["services"]["orders"]["environment"]
        assert environment["BUS_URL"] == advertised.replace("CLIENTS", "kafka")
