"""The packages of all services, loaded by the process from which services are forked."""

import gc
from importlib import import_module

for module in (
    "chassis.auth.module",
    "chassis.batching",
    "chassis.cache",
    "chassis.db.migrating",
    "chassis.http.calls.client",
    "chassis.http.calls.gauges",
    "chassis.http.calls.server",
    "chassis.http.ratelimit",
    "chassis.messaging.inbox",
    "chassis.messaging.relay",
    "chassis.serving.application",
    "chassis.serving.commands",
    "chassis.serving.server",
    "chassis.serving.audit",
    "chassis.serving.service",
):
    import_module(module)
# Otherwise, the garbage collector of each service would write to these pages, and thus copy them.
gc.collect()
gc.freeze()
