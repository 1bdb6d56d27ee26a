"""`make evidence` of a generated project: each kind of missing evidence is found."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest

from tests.generated.projects import PROJECT, tree_of, write

from .scripts import script

SECURITY_TXT = "src/chassis/serving/security.txt"
DIGEST = f"@sha256:{'0' * 64}"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A monolith as it is generated."""
    return write(tree_of({}), tmp_path_factory.mktemp("evidence") / "shop")


@pytest.fixture(scope="module")
def evidence(generated: Path) -> Iterator[ModuleType]:
    """The script of the project."""
    with script(generated / "scripts", "evidence") as module:
        yield module


@pytest.fixture
def shop(generated: Path, tmp_path: Path) -> Path:
    """A copy to change."""
    return shutil.copytree(generated, tmp_path / "shop")


def edit(path: Path, old: str, new: str) -> None:
    """Replace a part of a file, which has to be there."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_a_new_project_is_pinned(evidence: ModuleType, generated: Path) -> None:
    """All packages, actions and images are; what is left to do is the digest of the base image."""
    assert evidence.check_hashes(evidence.requirements(generated)).wrong == []
    assert evidence.check_actions(generated).wrong == []
    images = evidence.check_images(generated, PROJECT)
    assert images.wrong == []
    (to_do,) = images.to_do
    assert to_do.startswith("pin python:3.13.")


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("sqlalchemy==", "sqlalchemy>=", "has no exact version"),
        ("    --hash=", "    # ", "has no hash"),
    ],
)
def test_a_requirement_without_a_pin_is_found(
    evidence: ModuleType, shop: Path, old: str, new: str, found: str
) -> None:
    """A range would install what nobody has seen, and a package without a hash what anybody has put there."""
    path = shop / "requirements/runtime.txt"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    assert found in "".join(evidence.check_hashes(evidence.requirements(shop)).wrong)


@pytest.mark.slow
@pytest.mark.parametrize("pattern", ["microservices", "event-driven"])
def test_shops_of_services_are_pinned(pattern: str, tmp_path: Path) -> None:
    """The name that an overlay replaces needs no version; the command used to fail in each new shop."""
    shop = write(tree_of({}, pattern=pattern), tmp_path / "shop")
    with script(shop / "scripts", "evidence") as evidence:
        assert evidence.check_hashes(evidence.requirements(shop)).wrong == []
        assert evidence.check_actions(shop).wrong == []
        images = evidence.check_images(shop, PROJECT)
    assert images.wrong == []
    assert [each.partition(":")[0] for each in images.to_do] == ["pin python"]


def test_an_action_with_a_tag_is_found(evidence: ModuleType, shop: Path) -> None:
    """A tag can be moved to other code."""
    edit(
        shop / ".github/workflows/ci.yaml",
        "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1",
        "actions/checkout@v7",
    )
    assert evidence.check_actions(shop).wrong == ["actions/checkout@v7 is not pinned by commit"]


def test_an_image_without_a_version_is_found(evidence: ModuleType, shop: Path) -> None:
    """It would be another one tomorrow."""
    edit(shop / "deploy/compose.yaml", "image: nginx:1.30.4-alpine", "image: nginx:alpine")
    assert evidence.check_images(shop, PROJECT).wrong == ["nginx:alpine has no exact version"]


def test_digests_are_evidence(evidence: ModuleType, shop: Path) -> None:
    """Nothing is left to do for a base image that is pinned by digest."""
    path = shop / "Dockerfile"
    path.write_text(path.read_text().replace("-slim-trixie", f"-slim-trixie{DIGEST}"))
    images = evidence.check_images(shop, PROJECT)
    assert (images.wrong, images.to_do) == ([], [])


def test_security_txt_needs_a_contact(evidence: ModuleType, shop: Path) -> None:
    """The example's address is to be replaced, and nothing else is left to do."""
    path = shop / SECURITY_TXT
    now = expiry(evidence, shop) - timedelta(days=200)
    (to_do,) = evidence.check_security_txt(shop / SECURITY_TXT, now).to_do
    assert to_do.startswith("name your contact in ")
    edit(path, "security@example.com", "security@shop.example")
    found = evidence.check_security_txt(shop / SECURITY_TXT, now)
    assert (found.wrong, found.to_do) == ([], [])


@pytest.mark.parametrize(
    ("days", "wrong", "to_do"),
    [(-1, ["has expired"], []), (20, [], ["expires on"]), (400, [], ["in more than a year"])],
)
def test_security_txt_expires(
    evidence: ModuleType, shop: Path, days: int, wrong: list[str], to_do: list[str]
) -> None:
    """It is to be renewed in the last month, is wrong afterwards, and may not last for more than a year."""
    edit(shop / SECURITY_TXT, "security@example.com", "security@shop.example")
    found = evidence.check_security_txt(shop / SECURITY_TXT, expiry(evidence, shop) - timedelta(days=days))
    for texts, parts in ((found.wrong, wrong), (found.to_do, to_do)):
        assert len(texts) == len(parts)
        assert all(part in text for part, text in zip(parts, texts, strict=True))


def expiry(evidence: ModuleType, shop: Path) -> datetime:
    """Return when the file expires; without an old date in it, the check would not say."""
    summary = evidence.check_security_txt(shop / SECURITY_TXT, datetime(2000, 1, 1, tzinfo=UTC)).summary
    return datetime.fromisoformat(summary.removeprefix("valid until ")).replace(tzinfo=UTC)


@pytest.mark.long
def test_make_evidence_describes_what_is_installed(shop: Path) -> None:
    """It ends well, writes an SBOM, and a package of another version is a failure; a release needs more."""
    environment = shop.parent / "environment"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)

    def make(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["make", "--silent", f"VENV={environment}", "evidence", *arguments]
        return subprocess.run(command, cwd=shop, capture_output=True, text=True, check=False)

    done = make()
    assert done.returncode == 0, done.stdout + done.stderr
    assert (shop / "var/sbom.cdx.json").exists()
    release = make("ARGS=--release")
    assert (release.returncode, "Failed: images" in release.stderr) == (2, True)
    installed = environment / f"lib/python3.{sys.version_info.minor}/site-packages/fastapi-0.1.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: fastapi\nVersion: 0.1\n")
    other = make()
    assert other.returncode != 0
    assert "fastapi 0.1 is installed, which is not the pinned version" in other.stdout
