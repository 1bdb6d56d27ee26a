"""How the program reaches Kafka, beside the addresses in `BUS_URL`."""

from typing import Literal

from pydantic import SecretStr

from ...settings import Settings


class KafkaSettings(Settings):
    """Security, groups and compression; the client's own manual explains each word."""

    kafka_security_protocol: Literal["plaintext", "ssl", "sasl_plaintext", "sasl_ssl"] = "plaintext"
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = None
    kafka_sasl_username: str | None = None
    kafka_sasl_password: SecretStr | None = None
    kafka_ssl_ca_location: str | None = None
    kafka_ssl_certificate_location: str | None = None
    kafka_ssl_key_location: str | None = None
    # "consumer" is the protocol of KIP-848, which brokers have from 4.0 on.
    kafka_group_protocol: Literal["consumer", "classic"] = "consumer"
    # Static membership: a member that restarts under the same name gets its partitions back.
    kafka_group_instance_id: str | None = None
    kafka_compression: Literal["none", "lz4", "zstd"] = "lz4"

    def connection(self) -> dict[str, str | int]:
        """Return what every client needs, in the words of librdkafka."""
        password = self.kafka_sasl_password
        given = {
            "security.protocol": self.kafka_security_protocol,
            "sasl.mechanism": self.kafka_sasl_mechanism,
            "sasl.username": self.kafka_sasl_username,
            "sasl.password": password.get_secret_value() if password else None,
            "ssl.ca.location": self.kafka_ssl_ca_location,
            "ssl.certificate.location": self.kafka_ssl_certificate_location,
            "ssl.key.location": self.kafka_ssl_key_location,
        }
        # A broker that comes back is found within a second or two, not ten.
        return {"reconnect.backoff.max.ms": 1000} | {
            name: value for name, value in given.items() if value is not None
        }

    def producing(self) -> dict[str, str | int | bool]:
        """Return how messages are published: stored by all replicas, once, in order."""
        return {
            "acks": "all",
            "enable.idempotence": True,
            "compression.type": self.kafka_compression,
            "linger.ms": 5,
            "message.timeout.ms": 10_000,
            "topic.metadata.propagation.max.ms": 5_000,
            # As the Java clients do, so that all agree on a key's partition.
            "partitioner": "murmur2_random",
        }

    def consuming(self, group: str) -> dict[str, str | int | bool]:
        """Return how a member of the group consumes: from the start, committing by hand."""
        configuration: dict[str, str | int | bool] = {
            "group.id": group,
            "group.protocol": self.kafka_group_protocol,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            "enable.auto.offset.store": False,
            # The client reads ahead; that much, and not 64 MiB for each consumer.
            "queued.max.messages.kbytes": 8192,
            "fetch.queue.backoff.ms": 50,
        }
        if self.kafka_group_protocol == "classic":
            configuration["partition.assignment.strategy"] = "cooperative-sticky"
        if self.kafka_group_instance_id:
            configuration["group.instance.id"] = self.kafka_group_instance_id
        return configuration
