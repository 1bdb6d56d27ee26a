"""A real Kafka broker for tests: a single node of Apache Kafka, run by Java without containers."""

from .kafka import Broker, BrokerUnavailable, jars

__all__ = ["Broker", "BrokerUnavailable", "jars"]
