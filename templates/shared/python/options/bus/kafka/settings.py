"""Settings of the Kafka client, in addition to the addresses in `BUS_URL`."""

import logging
from typing import Literal, Self

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient
from pydantic import SecretStr, model_validator

from ....settings import Settings

log = logging.getLogger(__name__)
CONNECTION = ("kafka_security_", "kafka_sasl_", "kafka_ssl_")
"""The beginnings of the settings that all clients need."""


class KafkaSettings(Settings):
    """Security, group and compression settings, named after librdkafka's options."""

    kafka_security_protocol: Literal["plaintext", "ssl", "sasl_plaintext", "sasl_ssl"] = "plaintext"
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = None
    kafka_sasl_username: str | None = None
    kafka_sasl_password: SecretStr | None = None
    kafka_ssl_ca_location: str | None = None
    kafka_ssl_certificate_location: str | None = None
    kafka_ssl_key_location: str | None = None
    # "consumer" is the protocol of KIP-848, available from broker version 4.0.
    kafka_group_protocol: Literal["consumer", "classic"] = "consumer"
    # Static membership: a member that restarts with the same id gets its partitions back.
    kafka_group_instance_id: str | None = None
    kafka_compression: Literal["none", "lz4", "zstd"] = "lz4"

    @model_validator(mode="after")
    def _accepted_by_the_client(self) -> Self:
        # Without servers, the client connects to nothing: it reads the keys and checks the options.
        try:
            AdminClient({**self.connection()}, logger=log)
        except KafkaException as error:
            _, _, reason = error.args[0].str().partition(": ")
            for option in self.connection():
                reason = reason.replace(option, f"KAFKA_{option.upper().replace('.', '_')}")
            raise ValueError(f"The Kafka client refuses its settings: {reason}") from None
        return self

    def connection(self) -> dict[str, str | int]:
        """Return the librdkafka options of every client."""
        given = {
            name.removeprefix("kafka_").replace("_", "."): _revealed(value)
            for name, value in self
            if name.startswith(CONNECTION) and value is not None
        }
        # Reconnect within about a second of a broker's return, instead of up to ten.
        return {"reconnect.backoff.max.ms": 1000} | given

    def producing(self) -> dict[str, str | int | bool]:
        """Return the producer options: acknowledged by all replicas, idempotent, in order."""
        return {
            "acks": "all",
            "enable.idempotence": True,
            "compression.type": self.kafka_compression,
            "linger.ms": 5,
            "message.timeout.ms": 10_000,
            "topic.metadata.propagation.max.ms": 5_000,
            # The default of the Java clients, so that all clients map a key to the same partition.
            "partitioner": "murmur2_random",
        }

    def consuming(self, group: str) -> dict[str, str | int | bool]:
        """Return the consumer options: from the first record, with manual commits."""
        configuration: dict[str, str | int | bool] = {
            "group.id": group,
            "group.protocol": self.kafka_group_protocol,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            "enable.auto.offset.store": False,
            # Limits prefetching; the default is 64 MiB per consumer.
            "queued.max.messages.kbytes": 8192,
            "fetch.queue.backoff.ms": 50,
        }
        if self.kafka_group_protocol == "classic":
            configuration["partition.assignment.strategy"] = "cooperative-sticky"
        if self.kafka_group_instance_id:
            configuration["group.instance.id"] = self.kafka_group_instance_id
        return configuration


def _revealed(value: str | SecretStr) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else value
