"""`make digests` of a generated project: images of production get the digests of their registries."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.generated.projects import tree_of, write

from .scripts import script

pytestmark = pytest.mark.slow

# What `docker buildx imagetools inspect` prints of an image; a registry that is down has none.
DOCKER = """#!/bin/sh
test "$1 $2 $3 $4 $5" = "buildx imagetools inspect --format {{json .Manifest}}" || exit 64
case "$6" in "$UNKNOWN"*) echo "ERROR: $6: not found" >&2; exit 1 ;; esac
printf '{"mediaType": "application/vnd.oci.image.index.v1+json", "digest": "sha256:%s"}' \\
    "$(printf %s "$DAY$6" | sha256sum | cut -c1-64)"
"""
MACHINE: dict[str, Any] = {"kubernetes": False, "host": "machine"}
IMAGE = re.compile(r"(?m)^(?:FROM|\s+image:) (\S+)")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A monolith on one machine."""
    return write(tree_of(MACHINE), tmp_path / "shop")


def digests(shop: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command with a Docker that knows a digest for each image of a day."""
    docker = shop.parent / "bin/docker"
    docker.parent.mkdir(exist_ok=True)
    docker.write_text(DOCKER)
    docker.chmod(0o755)
    environment = {**os.environ, "UNKNOWN": "none", "DAY": "1", **variables}
    environment["PATH"] = f"{docker.parent}:{environment['PATH']}"
    command = ["make", "--silent", "digests", f"PYTHON={sys.executable}"]
    return subprocess.run(command, cwd=shop, env=environment, capture_output=True, text=True, check=False)


def images(shop: Path) -> list[str]:
    """Return the images of others in production."""
    files = ("Dockerfile", "deploy/compose.yaml", "deploy/machine/compose.yaml")
    found = [image for file in files for image in IMAGE.findall((shop / file).read_text())]
    return [each for each in found if not each.startswith("corner-shop:")]


def test_production_is_pinned(shop: Path) -> None:
    """Base images, servers and edges have a digest behind their tag, and the evidence asks for no other."""
    tags = images(shop)
    done = digests(shop)
    assert done.returncode == 0, done.stderr
    assert len(tags) > 5
    assert [each.partition("@")[0] for each in images(shop)] == tags
    with script(shop / "scripts", "evidence") as evidence:
        assert evidence.check_images(shop, "corner-shop")[:2] == ([], [])


def test_another_run_renews_the_digests(shop: Path) -> None:
    """What was rebuilt for the same tag has another digest, and replaces the old one."""
    digests(shop)
    before = images(shop)
    digests(shop, DAY="2")
    after = images(shop)
    assert [each.partition("@")[0] for each in after] == [each.partition("@")[0] for each in before]
    assert not set(after) & set(before)


def test_an_image_that_no_registry_has_changes_nothing(shop: Path) -> None:
    """The command says which, and no file is written."""
    before = images(shop)
    done = digests(shop, UNKNOWN="nginx")
    assert done.returncode != 0
    assert "ERROR: nginx:" in done.stderr
    assert images(shop) == before
