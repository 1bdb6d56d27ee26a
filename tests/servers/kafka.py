"""Kafka broker for tests: the one that generated projects start for their own tests."""

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from .certificates import sign
from .process import free_port, missing

ROOT = Path(__file__).parent.parent.parent
STARTER = ROOT / "templates/event-driven/files/tests/broker"
GUARDED = """\
listeners=PLAINTEXT://{open},CONTROLLER://{controller},CLIENTS://{guarded}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,CLIENTS:SASL_SSL
listener.name.clients.sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.clients.scram-sha-512.sasl.jaas.config=\
org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.clients.ssl.keystore.type=PEM
listener.name.clients.ssl.keystore.location={certificate}
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
"""


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


@contextmanager
def guarded_kafka(folder: Path) -> Iterator[tuple[str, str, Path]]:
    """Run a broker with its data in `folder`, as production has it.

    Yields its addresses, for those who administer it, and over TLS for users with a password and rights; and
    the certificate of its authority.
    """
    starter = _starter()
    sign(folder)
    certificate = folder / "server.pem"
    certificate.write_text((folder / "server.key").read_text() + (folder / "server.crt").read_text())
    broker = starter.Broker(folder, starter.jars(ROOT / "build"))
    configuration = folder / "server.properties"
    given = dict(line.split("=", 1) for line in configuration.read_text().splitlines() if "=" in line)
    guarded = f"127.0.0.1:{free_port()}"
    places = {
        "open": broker.address,
        "controller": given["controller.quorum.voters"].partition("@")[2],
        "guarded": guarded,
        "certificate": certificate,
    }
    # The last line counts of those with one name.
    configuration.write_text(configuration.read_text() + GUARDED.format(**places))
    with broker:
        yield broker.address, guarded, folder / "ca.crt"


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
