"""A real Kafka broker for tests, without containers: one node of Apache Kafka, run by Java."""

from .kafka import Broker, Missing, jars

__all__ = ["Broker", "Missing", "jars"]
