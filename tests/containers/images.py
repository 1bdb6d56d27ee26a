"""Images that generated projects pin, made of what system.sh has made, under the pinned names."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from tests.generated.environment import ROOT

from .engine import SYSTEM, Engine

CONTEXT = Path(__file__).with_name("images")
CADDY = ROOT / "build/tls/caddy"
BASE = "blueprint/debian"
"""The system of the engine, of which Dockerfile in this folder makes images of servers."""
NOT_IN_IMAGES = ("dockerd", "docker", "docker-proxy", "containerd*", "ctr", "runc")


def provide(docker: Engine, project: Path) -> None:
    """Make the images that a project pins."""
    existing = docker.docker("images", "--format", "{{.Repository}}").split()
    if BASE not in existing:
        patterns = [f"--exclude=./usr/*bin/{each}" for each in NOT_IN_IMAGES]
        _import(docker, SYSTEM / "engine", BASE, ["--exclude=./usr/libexec/docker", *patterns])
    for image in pinned(project):
        name = image.rpartition("/")[2].partition(":")[0]
        if name == "python":
            if image.partition(":")[0] not in existing:
                _import(docker, SYSTEM / "python", image)
            continue
        context = docker.folder / "images"
        shutil.copytree(CONTEXT, context, dirs_exist_ok=True)
        if name == "caddy":
            _provide_caddy(context)
        docker.docker("build", "--quiet", f"--target={name}", f"--tag={image}", str(context))


def pinned(project: Path) -> list[str]:
    """Return the images that the Dockerfile and the Compose files of a project name but do not build."""
    found = set(re.findall(r"(?m)^FROM (\S+:\S+)", (project / "Dockerfile").read_text()))
    for file in ("deploy/compose.yaml", "deploy/machine/compose.yaml"):
        if (project / file).exists():
            # Compose has a tag of YAML for what replaces a list.
            text = (project / file).read_text().replace("!reset", "")
            services = yaml.safe_load(text)["services"].values()
            built = {each.get("image") for each in services if "build" in each}
            found |= {each["image"] for each in services if each.get("image", "") not in {*built, ""}}
    return sorted(found)


def _import(docker: Engine, root: Path, image: str, options: Sequence[str] = ()) -> None:
    """Make a root file system the only layer of an image."""
    archive = ["tar", "--create", "--directory", str(root), "--one-file-system", *options, "."]
    with subprocess.Popen(archive, stdout=subprocess.PIPE) as packing:
        done = subprocess.run(
            [docker.client, "import", "-", image],
            cwd=docker.folder,
            stdin=packing.stdout,
            capture_output=True,
            text=True,
            check=False,
        )
    assert (packing.returncode, done.returncode) == (0, 0), done.stderr


def _provide_caddy(context: Path) -> None:
    if not CADDY.exists():
        pytest.skip("Caddy is not built: run `make test-long` where Go is installed")
    shutil.copy(CADDY, context)
