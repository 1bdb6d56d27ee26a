"""A real Kafka broker for tests, without containers: one node of Apache Kafka, run by Java."""

from .kafka import Broker, BrokerUnavailable, jars

__all__ = ["Broker", "BrokerUnavailable", "jars"]
