"""Repositories with a known history: people, teams, releases, modules, practices and findings."""

from pathlib import Path

import pytest

from blueprint.evaluate.errors import EvidenceError
from blueprint.evaluate.evidence import Evidence
from blueprint.evaluate.repository.measure import read_repository
from blueprint.evaluate.repository.modules import modules_of, units_of
from blueprint.evaluate.repository.owners import Owners
from tests.repositories import git

DAY = 86_400
NEWEST = 1_767_225_600
OWNERS = """
# Everything is the platform's, unless a later line says otherwise.
*            @shop/platform someone@example.com
/src/shop/orders/   @shop/orders
/src/shop/catalog/  @shop/catalog @shop/orders
"""
MODULES = ("orders", "catalog", "cart", "payments")


def write(folder: Path, files: dict[str, str]) -> None:
    """Write some files."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def commit(folder: Path, author: str, days_ago: float, files: dict[str, str]) -> None:
    """Commit some files as an author, some days before the newest commit."""
    write(folder, files)
    second = NEWEST - round(days_ago * DAY)
    git(folder, "add", "--all")
    tree = git(folder, "write-tree")
    parent = git(folder, "for-each-ref", "--format=%(objectname)", "refs/heads/main")
    person = f"{author} <{author}@example.com> {second} +0000"
    lines = [
        f"tree {tree}",
        *([f"parent {parent}"] if parent else []),
        f"author {person}",
        f"committer {person}",
    ]
    commit = git(
        folder, "hash-object", "-t", "commit", "-w", "--stdin", stdin="\n".join([*lines, "", "x", ""])
    )
    git(folder, "update-ref", "refs/heads/main", commit)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a repository of four modules, three people and two years."""
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    modules = {f"src/shop/{name}/api.py": "import json\n" for name in MODULES}
    commit(tmp_path, "ada", 700, {**modules, "README.md": "A shop."})
    return tmp_path


def found(evidence: Evidence) -> dict[str, object]:
    """Return the estimates by input."""
    return {each.input: each.estimate for each in evidence.measurements}


def test_people_teams_and_waiting_changes(folder: Path) -> None:
    """Authors are people, teams come from CODEOWNERS, and bots count as neither."""
    commit(folder, "ada", 80, {".github/CODEOWNERS": OWNERS})
    for number in range(12):
        author = ("ada", "grace", "dependabot[bot]")[number % 3]
        files = {"src/shop/orders/api.py": f"n = {number}\n"}
        if number % 2:
            files["src/shop/cart/api.py"] = f"n = {number}\n"
        commit(folder, author, 60 - number, files)
    commit(folder, "linus", 0, {"src/shop/orders/api.py": "n = 11\n", "src/shop/catalog/api.py": "n = 1\n"})
    evidence = read_repository(folder)
    measured = found(evidence)

    assert measured["engineers"] == 3
    assert measured["teams"] == 3
    # Of the 10 changes of people, the 4 of orders and cart need two teams; orders and catalog share a team.
    assert measured["waiting_percent"] == pytest.approx(100 * 4 / 10)
    assert "example.com" not in repr(evidence)


def test_releases_are_counted_per_unit(folder: Path) -> None:
    """Version tags of the last half year are releases; those of two units are two rows of releases."""
    for week in range(26):
        commit(folder, "ada", 7 * (25 - week), {"src/shop/cart/api.py": f"n = {week}\n"})
        git(folder, "tag", f"cart-v1.{week}")
        git(folder, "tag", f"orders-v1.{week}")
    git(folder, "tag", "nightly")
    rate = next(e for e in read_repository(folder).measurements if e.input == "releases_per_week")
    assert rate.estimate == pytest.approx(1, rel=0.05)
    assert "of 2 units" in rate.evidence


def test_the_domain_is_stable_without_cycles_and_moves(folder: Path) -> None:
    """The same modules as a year ago, and no import cycle, make a known domain; a cycle makes it less."""
    commit(folder, "ada", 0, {"src/shop/orders/api.py": "from shop.cart import api\n"})
    stable = read_repository(folder)
    assert found(stable)["domain"] == "stable"
    assert not stable.findings

    commit(folder, "ada", 0, {"src/shop/cart/api.py": "from ..orders.api import n\n"})
    cyclic = read_repository(folder)
    assert found(cyclic)["domain"] == "new"
    assert [(each.kind, each.evidence) for each in cyclic.findings] == [
        ("import cycle", "src/shop/cart, src/shop/orders")
    ]


def test_a_module_of_most_changes_is_hot(folder: Path) -> None:
    """A module that most changes touch is a finding with the count."""
    for number in range(12):
        name = "orders" if number < 8 else "cart"
        commit(folder, "ada", 12 - number, {f"src/shop/{name}/api.py": f"n = {number}\n"})
    (hot,) = read_repository(folder).findings
    assert (hot.kind, hot.evidence) == ("hot module", "8 of 12 changes within a year touch it")


def test_services_that_always_change_together_are_one(tmp_path: Path) -> None:
    """Two services with a container file each, and the same changes, are a finding; a third one is not."""
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    names = ("orders", "payments", "catalog")
    commit(tmp_path, "ada", 90, {f"services/{name}/Dockerfile": "FROM x" for name in names})
    for number in range(12):
        pair = {f"services/{name}/main.go": f"// {number}" for name in ("orders", "payments")}
        commit(
            tmp_path,
            "ada",
            60 - number,
            pair if number % 4 else {**pair, "services/catalog/main.go": f"//{number}"},
        )
    evidence = read_repository(tmp_path)
    assert [each.text for each in evidence.findings if each.kind == "deployed together"] == [
        "services/orders and services/payments always go together."
    ]
    assert evidence.pattern is None


def test_practices_are_found_with_their_files(folder: Path) -> None:
    """Each practice counts once, with the file that shows it."""
    write(folder, {
        ".github/workflows/ci.yml": "jobs: {}",
        "infra/main.tf": "",
        "requirements.txt": "opentelemetry-sdk==1\n",
        "deploy/alerts.yml": "groups:\n- rules:\n  - alert: Errors\n",
        "deploy/app.yaml": "kind: Rollout\n",
    })  # fmt: skip
    commit(folder, "ada", 0, {})
    points = next(e for e in read_repository(folder).measurements if e.input == "ops_maturity")
    assert points.estimate == 5
    assert "infra/main.tf" in points.evidence


def test_modules_are_found_below_folders_with_all_code() -> None:
    """Modules are the folders beside each other; tests and containers of modules are none."""
    files = ["src/shop/a/x.py", "src/shop/b/x.py", "tests/test_x.py", "docs/conf.py"]
    assert modules_of(files) == ("src/shop/a", "src/shop/b")
    files = ["services/a/main.go", "services/b/main.go", "libs/c/c.go", "services/a/Dockerfile"]
    assert modules_of(files) == ("libs/c", "services/a", "services/b")
    assert units_of(files, modules_of(files)) == ("services/a",)


def test_the_last_rule_of_codeowners_decides() -> None:
    """A change needs several teams only if no single team owns all of its files."""
    owners = Owners(OWNERS)
    assert owners.teams == ["@shop/catalog", "@shop/orders", "@shop/platform"]
    assert not owners.need_several_teams(["src/shop/orders/a.py", "src/shop/catalog/b.py"])
    assert owners.need_several_teams(["src/shop/orders/a.py", "README.md"])


@pytest.mark.parametrize("content", ["nothing", "empty"])
def test_no_repository_is_a_clear_error(content: str, tmp_path: Path) -> None:
    """A folder without a repository or without a commit is one error that names it."""
    if content == "empty":
        git(tmp_path, "init", "--quiet")
    with pytest.raises(EvidenceError, match="--repo"):
        read_repository(tmp_path)
