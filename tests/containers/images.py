"""Images that generated projects pin, made of what system.sh has made, under the pinned names."""

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from blueprint.cli.new.jdk import find_jdk
from tests.generated.environment import ROOT
from tests.servers.process import program

from .engine import Engine
from .namespaces import SYSTEM

CONTEXT = Path(__file__).with_name("images")
CADDY = ROOT / "build/tls/caddy"
BASE = "blueprint/debian"
"""The system of the engine, of which Dockerfile in this folder makes images of servers."""
NOT_IN_IMAGES = ("dockerd", "docker", "docker-proxy", "containerd*", "ctr", "runc")
JDK = 25
"""The version of the pinned images."""
MAVEN = SYSTEM / "maven"
"""Home of Maven in images: itself, and the libraries of all projects so far."""


def provide(docker: Engine, project: Path) -> None:
    """Make the images that a project pins."""
    existing = docker.docker("images", "--format", "{{.Repository}}").split()
    if BASE not in existing:
        patterns = [f"--exclude=./usr/*bin/{each}" for each in NOT_IN_IMAGES]
        _import(docker, SYSTEM / "engine", BASE, ["--exclude=./usr/libexec/docker", *patterns])
    for image in pinned(project):
        name, _, version = image.rpartition("/")[2].partition(":")
        if name == "python":
            provide_python(docker, image)
            continue
        context = docker.folder / "images"
        shutil.copytree(CONTEXT, context, dirs_exist_ok=True)
        if name == "caddy":
            _provide_caddy(context)
        elif name == "kafka":
            _provide_jdk(context)
            _provide_kafka(context, version)
        elif name == "eclipse-temurin":
            _provide_jdk(context)
            _provide_maven(context, project)
        docker.docker("build", "--quiet", f"--target={name}", f"--tag={image}", str(context))


def provide_python(docker: Engine, image: str) -> None:
    """Make the base image of shops in Python, under the name that they pin."""
    if image not in docker.docker("images", "--format", "{{.Repository}}:{{.Tag}}").split():
        _import(docker, SYSTEM / "python", image)


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
        pytest.skip("Caddy is not built: run `make test-containers` where Go is installed")
    shutil.copy(CADDY, context)


def _provide_jdk(context: Path) -> None:
    if not (context / "jdk").exists():
        shutil.copytree(_jdk(), context / "jdk")


def _provide_kafka(context: Path, version: str) -> None:
    """Let Maven fetch the jars of Kafka, which no package has."""
    jars = SYSTEM / f"kafka-{version}"
    if not jars.exists():
        partial = jars.with_suffix(".partial")
        command = [program("mvn"), "-q", "-B", "-f", str(CONTEXT / "kafka.xml"), f"-Dkafka.version={version}"]
        command += ["dependency:copy-dependencies", f"-DoutputDirectory={partial}"]
        subprocess.run(command, check=True)
        partial.rename(jars)
    shutil.copytree(jars, context / "kafka", dirs_exist_ok=True)


def _provide_maven(context: Path, project: Path) -> None:
    """Let Maven fetch what the Dockerfile of the project needs: builds have no network."""
    digest = hashlib.sha256((project / "pom.xml").read_bytes()).hexdigest()[:12]
    ready = SYSTEM / f"maven-{digest}.ready"
    copied = context / ready.name
    if copied.exists():
        return
    if not ready.exists():
        command = ["./mvnw", "--batch-mode", "--quiet", f"-Dmaven.repo.local={MAVEN / 'repository'}"]
        command += ["dependency:resolve", "package", "-Dmaven.test.skip=true"]
        variables = {"JAVA_HOME": str(_jdk()), "MAVEN_USER_HOME": str(MAVEN)}
        subprocess.run(command, cwd=project, env=os.environ | variables, check=True)
        (MAVEN / "settings.xml").write_text("<settings><offline>true</offline></settings>\n")
        ready.touch()
    shutil.copytree(MAVEN, context / "maven", dirs_exist_ok=True)
    copied.touch()


def _jdk() -> Path:
    home = find_jdk(JDK)
    if home is None:
        pytest.skip(f"no JDK {JDK} or newer is installed")
    return home
