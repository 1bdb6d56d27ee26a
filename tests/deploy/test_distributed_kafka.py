"""The Kafka of an event-driven shop: its topics, who may use them, how it is reached, and what it is told."""

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

pytestmark = EVENT_DRIVEN

HOUR = 3_600_000
OWN = ("Describe", "Read", "Write")
EVERY_TOPIC = """
import json
from corner_shop.choreography.topics import SUBSCRIPTIONS, every_topic
topics = {topic.name: [topic.partitions, topic.retention_hours] for topic in every_topic(6, (5, 60, 600))}
print(json.dumps({"topics": topics, "subscriptions": SUBSCRIPTIONS}))
"""


@pytest.fixture
def production(distributed: list[Project], distributed_overlays: Overlays) -> list[Manifest]:
    """One production overlay."""
    return next(built for (_, overlay), (_, built) in distributed_overlays.items() if overlay == "production")


@pytest.fixture
def code(distributed: list[Project]) -> dict[str, Any]:
    """What the shop's own code says of topics."""
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
    """Each with its partitions, kept for as long as the code would, and each three times."""
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


def test_the_architecture_hears_what_the_code_subscribes_to(code: dict[str, Any]) -> None:
    """Else the rights below would be those of another shop."""
    assert code["subscriptions"] == {
        name: topics for name, topics in architecture.CONSUMES.items() if name != "analytics"
    }


def test_rights_are_those_of_the_architecture(production: list[Manifest]) -> None:
    """Each writes to its topic, reads those it hears of, and has its retries and dead letters to itself."""
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
        assert users[name] == expected


def test_dead_letters_are_looked_at_by_nobody_else(production: list[Manifest], code: dict[str, Any]) -> None:
    """Whoever replays them reads all of them, and no topic of another kind."""
    (user,) = (
        each
        for each in references.of_kind(production, "KafkaUser")
        if each["metadata"]["name"] == "dead-letters"
    )
    rules = [(rule["resource"]["name"], rule["operations"]) for rule in user["spec"]["authorization"]["acls"]]
    letters = {name for name in code["topics"] if name.endswith(".dlq")}
    assert {name for name, operations in rules if "Read" in operations} == letters
    assert {name.replace(".dlq", ".retry-1") for name in letters} == {name for name, _ in rules} - letters


def test_everybody_connects_as_himself(distributed: list[Project], distributed_overlays: Overlays) -> None:
    """In production by his own password, over TLS that is checked; in development without any."""
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


def test_workers_are_scaled_by_how_far_they_are_behind(production: list[Manifest]) -> None:
    """Each by every topic that its group hears of, up to one for each partition."""
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


def test_a_consumer_that_died_is_missed_soon(distributed: list[Project], production: list[Manifest]) -> None:
    """Not after the 45 seconds of the default, neither in production nor in development."""
    (kafka,) = references.of_kind(production, "Kafka")
    told = {key: str(value) for key, value in kafka["spec"]["kafka"]["config"].items()}
    for properties in (told, distributed[0].variables("deploy/kafka/server.properties")):
        for name in ("group.consumer.session.timeout.ms", "group.consumer.min.session.timeout.ms"):
            assert int(properties[name]) <= 10_000
        assert properties["auto.create.topics.enable"].lower() == "false"


def test_both_sides_mean_the_same_broker(distributed: list[Project]) -> None:
    """What it tells clients to connect to is what they are told."""
    for project in distributed:
        advertised = project.variables("deploy/kafka/server.properties")["advertised.listeners"]
        environment = project.compose["services"]["orders"]["environment"]
        assert environment["BUS_URL"] == advertised.replace("CLIENTS", "kafka")
