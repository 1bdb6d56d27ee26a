"""The packages of all services, loaded by the process from which services are forked."""

import gc
import sys
from importlib import import_module

from .architecture import PACKAGE

MODULES = (
    "access.module",
    "chassis.migrating",
    "chassis.serving.application",
    "chassis.serving.commands",
    "chassis.serving.server",
    "hosting.service",
    "service_calls.client",
)

for module in MODULES:
    import_module(f"{PACKAGE}.{module}")
# The shop's own code may change before the next service starts.
for name in [each for each in sys.modules if each.partition(".")[0] == PACKAGE]:
    del sys.modules[name]
# Otherwise, the garbage collector of each service would write to these pages, and thus copy them.
gc.collect()
gc.freeze()
