"""Orders of a shop whose Kafka has the topics, users and rights of production.

python guarded_choreography.py SETTINGS, in the folder of an event-driven shop in Python; with JAVA_SERVICES,
some services run in Java, as java_services.py describes it. SETTINGS is JSON: the folder of the logs, the
address of the database, those of Kafka (open and guarded), the certificate of its authority, and the specs of
Strimzi's topics and users by their names. Prints what mixed_choreography.py prints, and for each group how
many dead letters there were of a message that nobody can read, and what is left after they were replayed.
"""

import json
import os
import re
import secrets
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

PASSWORDS: dict[str, str] = {}
SCRAM = "SCRAM-SHA-512"
TOPIC, READERS = "orders.v1", 4
"""A topic, and how many groups read it that have dead letters."""
Workspace: Any = (
    import_module("java_services").Mixed
    if "JAVA_SERVICES" in os.environ
    else import_module("dev.workspace").Workspace
)
SETTINGS: dict[str, Any] = json.loads(sys.argv[1])


class Guarded(Workspace):  # type: ignore[misc]
    """The processes of the shop, each with the Kafka user of its service."""

    user = ""

    def choreography(self, *arguments: str) -> str:
        """Run a command of the bus as the user for dead letters; production has an operator for topics."""
        if arguments == ("create-topics",):
            return ""
        self.user = "dead-letters"
        try:
            answer: str = super().choreography(*arguments)
        finally:
            self.user = ""
        return answer

    def dead_letters(self) -> list[str]:
        """Return the ids of dead letters."""
        return re.findall(r"\S+\.dlq:\d+", self.choreography("dead-letters"))

    def _environment(self, name: str) -> dict[str, str]:
        environment: dict[str, str] = super()._environment(name)
        user = self.user or name
        return environment | {
            "BUS_URL": f"kafka://{SETTINGS['guarded']}",
            "KAFKA_SECURITY_PROTOCOL": "sasl_ssl",
            "KAFKA_SASL_MECHANISM": SCRAM,
            "KAFKA_SSL_CA_LOCATION": SETTINGS["authority"],
            "KAFKA_SASL_USERNAME": user,
            "KAFKA_SASL_PASSWORD": PASSWORDS.get(user, "none"),
        }


def main() -> None:
    """Make topics, users and rights, run the shop, place the orders, and print how they ended."""
    administer(import_module("confluent_kafka.admin"))
    shop = Guarded(Path(SETTINGS["folder"]), os.environ, database_url=lambda _: SETTINGS["database"])
    with shop.running():
        result = import_module("mixed_choreography").place_orders(shop.url)
        print(json.dumps(result | {"dead letters": replayed(shop)}))


def replayed(shop: Guarded) -> list[list[str]]:
    """Publish a message that nobody can read; return its dead letters, and those after all were replayed."""
    producer = import_module("confluent_kafka").Producer({"bootstrap.servers": SETTINGS["open"]})
    producer.produce(TOPIC, b"{", key=b"key")
    producer.flush()
    first = wait_for(shop, lambda letters: len(letters) == READERS)
    shop.choreography("replay")
    return [first, wait_for(shop, lambda letters: len(letters) == READERS and not {*first} & {*letters})]


def wait_for(shop: Guarded, reached: Callable[[list[str]], bool]) -> list[str]:
    """Return the dead letters as soon as there are those that are expected, or after a minute."""
    deadline = time.monotonic() + 60
    while not reached(letters := shop.dead_letters()) and time.monotonic() < deadline:
        time.sleep(0.5)
    return sorted(letters)


def administer(kafka: Any) -> None:
    """Do what Strimzi's topic and user operators do."""
    client = kafka.AdminClient({"bootstrap.servers": SETTINGS["open"]})
    topics = [kafka.NewTopic(name, spec["partitions"], 1) for name, spec in SETTINGS["topics"].items()]
    kind = kafka.ScramMechanism.SCRAM_SHA_512
    changes, rights = [], []
    for user, spec in SETTINGS["users"].items():
        PASSWORDS[user] = secrets.token_urlsafe()
        credential = kafka.ScramCredentialInfo(kind, 4096)
        changes.append(kafka.UserScramCredentialUpsertion(user, credential, PASSWORDS[user].encode()))
        rights += [
            right(kafka, user, rule["resource"], operation)
            for rule in spec["authorization"]["acls"]
            for operation in rule["operations"]
        ]
    made = (
        client.create_topics(topics),
        client.alter_user_scram_credentials(changes),
        client.create_acls(list(set(rights))),
    )
    for results in made:
        for result in results.values():
            result.result()


def right(kafka: Any, user: str, resource: dict[str, str], operation: str) -> Any:
    """Return the right of a user to one operation."""
    pattern = {"literal": kafka.ResourcePatternType.LITERAL, "prefix": kafka.ResourcePatternType.PREFIXED}
    return kafka.AclBinding(
        kafka.ResourceType[resource["type"].upper()],
        resource["name"],
        pattern[resource["patternType"]],
        f"User:{user}",
        "*",
        kafka.AclOperation[operation.upper()],
        kafka.AclPermissionType.ALLOW,
    )


if __name__ == "__main__":
    main()
