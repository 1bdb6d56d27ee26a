"""`make digests` with a real Docker and a real registry, and a release of what it pins."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.servers.process import listening, program, running

from .engine import Engine
from .images import pinned
from .machines import OPTIONS, released
from .stacks import Stack, stack

pytestmark = pytest.mark.long
PORT = 5000
REGISTRY = f"127.0.0.1:{PORT}"
CONFIGURATION = """version: 0.1
log: {{level: error, accesslog: {{disabled: true}}}}
storage: {{filesystem: {{rootdirectory: {folder}}}}}
http: {{addr: '{address}'}}
"""


def test_one_machine_runs_what_is_pinned(docker: Engine) -> None:
    """Base images and servers get the digests of their registry, and a release runs exactly these."""
    with registry(docker), stack(docker, "digests", "monolith", **OPTIONS) as shop:
        published = publish(shop)
        pins = set(shop.make("digests").split())
        assert {each.partition("@sha256:")[0] for each in pins} == published
        with released(shop) as http:
            assert http.get("/v1/products").status_code == 200
            used = docker.docker("ps", "--no-trunc", "--format={{.Image}}").split()
        assert {each for each in used if each in pins} == {each for each in pins if "/python:" not in each}
        assert shop.make("backup").strip()


def publish(shop: Stack) -> set[str]:
    """Move the images of others to the registry, here and in the project; return their names."""
    docker = shop.docker.docker
    files = [shop.project / "Dockerfile", *shop.project.glob("deploy/**/compose.yaml")]
    names = set()
    for image in pinned(shop.project):
        name = f"{REGISTRY}/{image}"
        docker("tag", image, name)
        docker("push", "--quiet", name)
        # Official images are indexes of those of several platforms.
        docker("buildx", "imagetools", "create", f"--tag={name}", name)
        docker("rmi", name)
        for file in files:
            file.write_text(file.read_text().replace(f" {image}", f" {name}"))
        names.add(name)
    return names


@contextmanager
def registry(docker: Engine) -> Iterator[None]:
    """Run a registry in the network of the engine."""
    configuration = docker.folder / "registry.yaml"
    configuration.write_text(CONFIGURATION.format(folder=docker.folder / "registry", address=REGISTRY))
    command = [program("docker-registry"), "serve", str(configuration)]
    with (
        docker.network(),
        running(command, ready=lambda: listening(PORT), log=docker.folder / "registry.log"),
    ):
        yield
