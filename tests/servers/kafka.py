"""Kafka broker for tests: the one that generated projects start for their own tests."""

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from .process import missing

ROOT = Path(__file__).parent.parent.parent
STARTER = ROOT / "templates/event-driven/files/tests/broker"


@contextmanager
def kafka(folder: Path) -> Iterator[Any]:
    """Run a broker with its data in `folder` and yield it; it has a `url`, and can stop, kill and start."""
    starter = _starter()
    try:
        jars = starter.jars(ROOT / "build")
    except starter.BrokerUnavailable as error:
        missing(str(error))
    with starter.Broker(folder, jars) as broker:
        yield broker


def _starter() -> ModuleType:
    name = "broker_of_generated_projects"
    if name not in sys.modules:
        place = STARTER / "__init__.py"
        spec = importlib.util.spec_from_file_location(name, place, submodule_search_locations=[str(STARTER)])
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]
