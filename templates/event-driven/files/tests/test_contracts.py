"""The contracts in `contracts/` match the published events, and incompatible changes are found."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import msgspec
import pytest

from acceptance.client import connect
from acceptance.identity import discover
from acceptance.seeder import Seeder
from dev import contracts
from dev.architecture import SERVICE_OF
from dev.workspace import Workspace

from .messages import Messages

Change = Callable[[dict[str, Any]], object]


def test_the_files_match_the_event_types(tmp_path: Path) -> None:
    """The contract files match the event types; otherwise run `make contracts`."""
    contracts.write(tmp_path)
    written = {path.name: path.read_text() for path in tmp_path.iterdir()}
    found = {path.name: path.read_text() for path in contracts.FOLDER.iterdir()}
    assert {name: found.get(name) for name in written} == written
    assert found.keys() - written.keys() == {"StockReserved.v1.json"}


def test_all_references_of_the_document_resolve() -> None:
    """Each reference of the AsyncAPI document resolves, and it lists every subscription."""
    document = contracts.document()
    for reference in references(document):
        file, _, pointer = reference.partition("#")
        place = json.loads((contracts.FOLDER / file).read_text()) if file else document
        for step in pointer.split("/")[1:]:
            place = place[step]
        assert place
    marker = "-consumes-"
    consumed = {name.partition(marker)[::2] for name in document["operations"] if marker in name}
    assert {(group, topic) for group, topics in contracts.CONSUMERS.items() for topic in topics} == consumed


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda data: data["required"].remove("total"), "old consumers cannot read new events: /total"),
        (lambda data: data["required"].append("more"), "new consumers cannot read old events: /more"),
        (
            lambda data: data["properties"].update(total={"type": "integer"}),
            "new consumers cannot read old events: /total",
        ),
    ],
)
def test_incompatible_change_is_reported(change: Change, found: str) -> None:
    """A change that old readers or new readers cannot handle is reported with its path."""
    old = contracts.stored()
    new = deepcopy(old)
    change(new["StockReserved.v2"]["$defs"]["StockReserved"])
    assert any(each.startswith(f"StockReserved.v2: {found}") for each in contracts.incompatible(old, new))


def test_removed_version_is_reported() -> None:
    """Removing a published version is incompatible, because topics still contain its events."""
    old = contracts.stored()
    new = {name: schema for name, schema in old.items() if name != "StockReserved.v1"}
    [found] = contracts.incompatible(old, new)
    assert found.startswith("StockReserved.v1: ")
    assert list(contracts.incompatible(old, old)) == []


def test_published_events_match_the_contracts(shop: Workspace, admin: str) -> None:
    """Orders with every outcome and a product view publish every event type, each as its contract says."""
    with connect(shop.url) as http:
        identity = discover(http)
        seeder = Seeder(identity.sign_in(admin), identity)
        sku, rich, poor = seeder.product(stock=2), seeder.customer(balance=5000), seeder.customer()
        outcomes = [
            rich.order({sku: 1})["state"],
            poor.order({sku: 1})["reason"],
            rich.order({sku: 5})["reason"],
        ]
        assert outcomes == ["CONFIRMED", "payment_declined", "out_of_stock"]
        rich.cancel(rich.order({sku: 1})["id"]).raise_for_status()
        assert rich.post("/v1/analytics/views", json={"sku": sku}).status_code < 300
    types = {(event.type, event.version): event.data for event in contracts.EVENTS}
    published = set()
    for event in Messages(shop.environments[SERVICE_OF["orders"]]["BUS_URL"]).events():
        msgspec.json.decode(event.data, type=types[event.type, event.version])
        published.add((event.type, event.version))
    assert published == types.keys()


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_contracts_of_a_commit_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The contracts of a commit are read from git, in a repository that the test creates."""

    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.com"]
        subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True, capture_output=True)

    folder = tmp_path / contracts.FOLDER.name
    contracts.write(folder)
    git("init")
    git("add", ".")
    git("commit", "-m", "Begin")
    monkeypatch.setattr(contracts, "PROJECT", tmp_path)
    assert contracts.committed("HEAD") == contracts.stored(folder) == contracts.schemas()


def references(value: object) -> Iterator[str]:
    """Yield all references in a document."""
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for part in value.values():
            yield from references(part)
    elif isinstance(value, list):
        for part in value:
            yield from references(part)
