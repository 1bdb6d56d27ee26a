"""Scheduled articles are published, and announced, once, however many copies of the service run."""

import os
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from acceptance.articles import Newsroom
from acceptance.client import connect
from acceptance.identity import discover
from acceptance.seeder import Seeder, assert_eventually
from chassis.messaging.bus.envelope import event_of
from choreography.topics import CONTENT
from dev.architecture import PACKAGE
from dev.processes import Process, free_port
from dev.workspace import LIBRARIES, PROJECT, Workspace

from .messages import Messages

ARTICLES = 8
SECONDS = 60.0


@pytest.fixture
def second_copy(shop: Workspace, tmp_path: Path) -> Iterator[Process]:
    """A second process of the content service, on the same database."""
    port = free_port()
    command = [sys.executable, "-m", f"{PACKAGE}.content_service", "serve", "--port", str(port)]
    paths = os.pathsep.join(map(str, (LIBRARIES, PROJECT / "services/content/src", PROJECT)))
    environment = shop.environments["content"] | {"PYTHONPATH": paths}
    process = Process(command, f"http://127.0.0.1:{port}", environment, tmp_path)
    process.wait_for("/readyz")
    yield process
    process.stop()


def soon() -> str:
    """Return the time in two seconds."""
    return (datetime.now(UTC) + timedelta(seconds=2)).isoformat()


@pytest.mark.usefixtures("second_copy")
def test_two_copies_announce_each_scheduled_article_once(shop: Workspace, admin: str) -> None:
    """Both look for due articles every second; each article is at the revision of one publication."""
    with connect(shop.url) as http:
        identity = discover(http)
        newsroom = Newsroom(Seeder(identity.sign_in(admin), identity), http)
        paths = [newsroom.in_review() for _ in range(ARTICLES)]
        drafts = [newsroom.publish(path, at=soon())["article"] for path in paths]
        messages, ids = Messages(shop.environments["content"]["BUS_URL"]), {each["id"] for each in drafts}

        def announced() -> Counter[str]:
            events = map(event_of, messages.read([CONTENT]))
            return Counter(each.key for each in events if each.key in ids)

        assert_eventually(lambda: announced().keys(), ids, SECONDS)
        states = [newsroom.editor.get(path).json()["article"] for path in paths]
    # On a busy machine, the time of some has come before they were scheduled.
    later = [each["revision"] + (each["state"] == "SCHEDULED") for each in drafts]
    assert [(each["state"], each["revision"]) for each in states] == [("PUBLISHED", each) for each in later]
    assert announced() == dict.fromkeys(ids, 1)
