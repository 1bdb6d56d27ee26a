"""`make evidence` of a generated project in Java: each kind of missing evidence is found."""

import json
import shutil
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import Any

import pytest

from tests.generated.projects import tree_of, write
from tests.generated.spring import make, one_build_at_a_time, tools
from tests.servers.process import free_port

from .scripts import script

pytestmark = pytest.mark.slow
POM = "pom.xml"
WRAPPER = ".mvn/wrapper/maven-wrapper.properties"
CLIENTS = "acceptance/requirements.txt"
LIBRARY = {
    "group": "org.acme",
    "name": "bolt",
    "version": "1.2.3",
    "purl": "pkg:maven/org.acme/bolt@1.2.3?type=jar",
    "hashes": [{"alg": "SHA-256", "content": "00"}],
}
VULNERABLE = "pkg:maven/org.acme/bolt@1.2.3"


@pytest.fixture(scope="module", params=["monolith", "microservices", "event-driven"])
def generated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of each pattern as it is generated."""
    tree = tree_of({"stack": "spring"}, pattern=request.param)
    return write(tree, tmp_path_factory.mktemp("evidence") / "shop")


@pytest.fixture(scope="module")
def evidence(generated: Path) -> Iterator[ModuleType]:
    """The script of the project."""
    with script(generated / "scripts", "evidence") as module:
        yield module


@pytest.fixture
def shop(generated: Path, tmp_path: Path) -> Path:
    """A copy to change."""
    return shutil.copytree(generated, tmp_path / "shop")


@pytest.fixture
def osv() -> Iterator[str]:
    """A database that knows one vulnerability, and answers as OSV does."""

    class Database(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            queries = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
            known = {"vulns": [{"id": "GHSA-1"}]}
            found = [known if each["package"]["purl"] == VULNERABLE else {} for each in queries]
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"results": found}).encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Database)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_new_project_is_pinned(evidence: ModuleType, generated: Path) -> None:
    """Versions, actions and images are; what is left to do are the digests of the base images."""
    assert evidence.check_versions(generated).wrong == []
    assert evidence.check_hashes([generated / CLIENTS]).wrong == []
    assert evidence.check_actions(generated).wrong == []
    images = evidence.check_images(generated, "corner-shop")
    assert images.wrong == []
    assert [each.partition("-")[0] for each in images.to_do] == ["pin eclipse"] * 2


@pytest.mark.parametrize(
    ("file", "old", "new", "found"),
    [
        (POM, "<spotless.version>3.", "<spotless.version>[3,)", "spotless.version [3,)"),
        (POM, "<version>4.1.2<", "<version>4.2.0-SNAPSHOT<", "version 4.2.0-SNAPSHOT is not an exact"),
        (POM, "${spotless.version}", "LATEST", "version LATEST is not an exact version"),
        (WRAPPER, "\ndistributionSha256Sum=", "\n#", "Maven has no distributionSha256Sum"),
    ],
)
def test_a_version_that_can_change_is_found(
    evidence: ModuleType, shop: Path, file: str, old: str, new: str, found: str
) -> None:
    """A range or a snapshot would be what nobody has seen, and Maven what anybody has put there."""
    path = shop / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    (wrong,) = evidence.check_versions(shop).wrong
    assert found in wrong


def test_the_bill_of_materials_is_checked(evidence: ModuleType) -> None:
    """A library that can change without its version, or that has no hash, is found."""
    assert evidence.check_sbom([LIBRARY]).wrong == []
    snapshot = LIBRARY | {"version": "2-SNAPSHOT"}
    assert evidence.check_sbom([snapshot]).wrong == ["bolt 2-SNAPSHOT is a snapshot"]
    assert evidence.check_sbom([LIBRARY | {"hashes": []}]).wrong == ["bolt 1.2.3 has no hash"]


def test_a_known_vulnerability_is_found(
    evidence: ModuleType, osv: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Libraries and the clients' packages are asked for; one that was accepted is not reported."""
    packages = evidence.purls([LIBRARY], "anyio==4.16.0 \\\n    --hash=sha256:00\n")
    assert packages == [VULNERABLE, "pkg:pypi/anyio@4.16.0"]
    found = evidence.check_vulnerabilities(packages, osv)
    assert (found.wrong, found.to_do) == ([f"{VULNERABLE} has GHSA-1"], [])
    monkeypatch.setitem(evidence.ACCEPTED, "GHSA-1", "The shop has no doors.")
    assert evidence.check_vulnerabilities(packages, osv).wrong == []


def test_a_database_that_cannot_be_reached_is_left_to_do(evidence: ModuleType) -> None:
    """Nothing is wrong then, but a release has to wait."""
    found = evidence.check_vulnerabilities([VULNERABLE], f"http://127.0.0.1:{free_port()}")
    assert found.wrong == []
    (to_do,) = found.to_do
    assert to_do.startswith("OSV cannot be reached from here")


@pytest.mark.long
def test_make_evidence_describes_what_maven_resolves(shop: Path) -> None:
    """It ends well and writes an SBOM with the libraries of all modules; a release needs more."""
    variables = tools()
    with one_build_at_a_time():
        said = make(shop, variables, "evidence")
        release = make(shop, {**variables, "ARGS": "--release"}, "evidence", fails=True)
    assert " wrong " not in said
    sbom = json.loads((shop / "var/sbom.cdx.json").read_text())
    names = {each["name"] for each in sbom["components"]}
    assert {"spring-webmvc", "HikariCP", "h2"} <= names
    assert "Failed: images" in release
