"""Counters of what the business does, for metrics."""

from functools import partial

from prometheus_client import CollectorRegistry, Counter

REGISTRY = CollectorRegistry()
"""What contexts count, from their import on and for the whole process."""

counter = partial(Counter, registry=REGISTRY)
