"""What the traces of the shop's processes show about its architecture."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TOPIC = "messaging.destination.name"
SCHEMA = re.compile(r'(?:FROM|INTO|JOIN|UPDATE) "?(\w+)"?\.')
Pairs = set[tuple[str, str]]


@dataclass
class Observed:
    """Pairs of a service and what it uses: another service, a topic, or a schema of its database."""

    calls: Pairs = field(default_factory=set)
    publishes: Pairs = field(default_factory=set)
    consumes: Pairs = field(default_factory=set)
    schemas: Pairs = field(default_factory=set)


def observe(folder: Path) -> Observed:
    """Return what the spans in the folder show."""
    observed = Observed()
    spans = list(_spans(folder))
    topics = {span["span"]: span["attributes"][TOPIC] for span in spans if TOPIC in span["attributes"]}
    for span in spans:
        service, name, attributes = span["service"], span["name"], span["attributes"]
        match span["kind"]:
            case "client" if name.startswith("call "):
                observed.calls.add((service, name.split()[1]))
            case "client":
                schemas = SCHEMA.findall(attributes.get("db.query.text", ""))
                observed.schemas |= {(service, schema) for schema in schemas}
            case "producer":
                observed.publishes.add((service, attributes[TOPIC]))
            case "consumer" if span["parent"] in topics:
                observed.consumes.add((service, topics[span["parent"]]))
    return observed


def _spans(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("*.jsonl")):
        with path.open() as lines:
            # A process that is writing leaves an incomplete last line.
            yield from (json.loads(line) for line in lines if line.endswith("}\n"))
