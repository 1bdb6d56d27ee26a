"""`make up`, and `make load` and `make audit` on its stack: here its edge and the shop as plain processes."""

import base64
import os
import runpy
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.generated.environment import environment_for_all
from tests.generated.running import shop

from . import edges
from .clients import wait_for
from .projects import DISTRIBUTED, Project, make_distributed
from .test_edge_with_the_shop import PACKAGE, copy, environment

pytestmark = pytest.mark.slow
ADMIN = {"ADMIN_EMAIL": "admin@example.com", "ADMIN_PASSWORD": "only in deploy/.env"}


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make in a project, with the shared environment."""
    command = ["make", "--silent", f"VENV={environment_for_all()}", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def copied(projects: list[Project], folder: Path, pattern: str) -> Path:
    """Return a copy of a project of a pattern, which a test may change."""
    found = projects[0] if pattern == "monolith" else make_distributed(folder / "made", pattern)[0]
    return Path(shutil.copytree(found.folder, folder / "project"))


@pytest.mark.parametrize("kind", ["nginx", pytest.param("haproxy", marks=pytest.mark.thorough)])
def test_the_stack_is_loaded_and_audited(
    projects: list[Project], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Both commands use the administrator of deploy/.env; the load of one client is not limited."""
    found = next(
        each for each in projects if (each.options["load_balancer"], each.options["auth"]) == (kind, "jwt")
    )
    project = Project(found.options, tmp_path / "project")
    shutil.copytree(found.folder, project.folder)
    settings = {
        name: value
        for name, value in project.trial["services"]["app"]["environment"].items()
        if name != "DATABASE_URL"
    }
    sources = os.pathsep.join(str(each) for each in (project.folder / "src", project.folder))
    variables = environment(project, tmp_path) | ADMIN | settings | {"PYTHONPATH": sources}
    migrate = [str(environment_for_all() / "bin/python"), "-m", f"{PACKAGE}.app", "migrate"]
    subprocess.run(migrate, env=variables, cwd=tmp_path, check=True, capture_output=True)
    text, changes = project.text(edges.CONFIGURATION[kind]), edges.trial(project, monkeypatch)
    with (
        copy(project, tmp_path, variables) as (_, port),
        edges.serve(kind, text, [port], tmp_path, changes) as edge,
    ):
        wait_for(edge, seconds=30)
        lines = [f"{name}={value!r}" for name, value in ADMIN.items()]
        (project.folder / "deploy/.env").write_text("\n".join([f"EDGE_PORT={edge}", *lines, ""]))
        address = f"SHOP=http://127.0.0.1:{edge}"
        loaded = make(project.folder, "load", address, "RATE=150", "SECONDS=4")
        assert loaded.returncode == 0, loaded.stdout + loaded.stderr
        assert " 429" not in loaded.stdout
        audited = make(project.folder, "audit", address)
    assert audited.returncode == 0, audited.stdout + audited.stderr


@pytest.mark.parametrize("stack", ["python", "spring"])
@pytest.mark.parametrize("pattern", ["monolith", *DISTRIBUTED])
def test_each_command_chooses_its_secrets(tmp_path: Path, pattern: str, stack: str) -> None:
    """The address of the stack selects deploy/.env, and any other address selects .env."""
    folder = shop(pattern, tmp_path / "project", {"stack": stack})
    example = (folder / "deploy/env.example").read_text()
    (folder / "deploy/.env").write_text(example.replace("EDGE_PORT=8080", "EDGE_PORT=9090"))
    for target in ("load", "audit", "bench") if pattern == "monolith" else ("seed", "load", "audit", "bench"):
        for address, secrets in ((9090, "deploy/.env"), (8000, ".env")):
            done = make(folder, "--dry-run", target, f"SHOP=http://127.0.0.1:{address}")
            assert f". ./{secrets};" in done.stdout, done
    if pattern == "monolith":
        seeded = make(folder, "--dry-run", "seed", "SHOP=http://127.0.0.1:9090").stdout
        assert "compose.trial.yaml exec -T app " in seeded


@pytest.mark.parametrize("in_python", [True, False])
def test_seeding_the_stack_needs_docker_only(
    projects: list[Project], tmp_path: Path, in_python: bool
) -> None:
    """The products of the stack are added in its container: nothing is installed or built before."""
    found = next(each for each in projects if each.in_python == in_python)
    folder = Path(shutil.copytree(found.folder, tmp_path / "project"))
    (folder / "deploy/.env").write_text("EDGE_PORT=9090\n")
    command = ["make", "--silent", "--dry-run", "seed", "SHOP=http://127.0.0.1:9090"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    (line,) = done.stdout.splitlines()
    assert line.startswith("docker compose --file deploy/compose.yaml ")
    assert line.endswith(" seed")


@pytest.mark.parametrize("pattern", ["monolith", *DISTRIBUTED])
def test_the_stack_needs_no_development_environment(
    projects: list[Project], tmp_path: Path, pattern: str
) -> None:
    """`make up` writes its secrets with any Python, and calls Docker."""
    folder = copied(projects, tmp_path, pattern)
    (folder / "deploy/.env").unlink(missing_ok=True)
    docker = tmp_path / "docker"
    docker.write_text('#!/bin/sh\necho "$@"\n')
    docker.chmod(0o755)
    done = subprocess.run(
        ["make", "up"],
        cwd=folder,
        env={"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    files = "--file deploy/compose.yaml --file deploy/compose.trial.yaml"
    assert done.stdout.splitlines()[-1] == f"compose {files} up --build --wait"
    assert not (folder / ".venv").exists()
    assert "=\n" not in (folder / "deploy/.env").read_text()


# The first three examples of RFC 8032, 7.1: secret and public keys.
KEYS = {
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60": (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    ),
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb": (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    ),
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7": (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"
    ),
}


def test_public_keys_are_derived_as_specified(distributed: list[Project]) -> None:
    """The script derives the public keys of the RFC's examples."""
    public_part = runpy.run_path(str(distributed[0].folder / "scripts/make_env.py"))["public_part"]
    for secret, public in KEYS.items():
        seed, key = (base64.urlsafe_b64encode(bytes.fromhex(each)).decode()[:43] for each in (secret, public))
        assert public_part(seed) == key
