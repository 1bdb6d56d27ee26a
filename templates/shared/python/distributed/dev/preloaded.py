"""The packages of all services, loaded by the process from which services are forked."""

import gc
from importlib import import_module

from .architecture import PACKAGE

for module in (
    "access.module",
    "audit.api",
    "chassis.batching",
    "chassis.inbox",
    "chassis.migrating",
    "chassis.ratelimit",
    "chassis.relay",
    "chassis.serving.application",
    "chassis.serving.commands",
    "chassis.serving.server",
    "hosting.audit",
    "hosting.service",
    "service_calls.client",
    "service_calls.gauges",
    "service_calls.server",
):
    import_module(f"{PACKAGE}.{module}")
# Otherwise, the garbage collector of each service would write to these pages, and thus copy them.
gc.collect()
gc.freeze()
