"""`blueprint fleet`: many projects in one table."""

from pathlib import Path

from .projects import BODY, content, create_project, edit, release_version
from .running import Outcome, blueprint
from .templates import release, write_template

NEWER_BODY = BODY.replace("line 8", "line eight")


def fleet(here: Path, text: str, *arguments: str) -> Outcome:
    """Write the list of projects, and show their state from another folder."""
    (here / "projects.txt").write_text(text)
    return blueprint("fleet", here / "projects.txt", *arguments, cwd=here.parent)


def create(here: Path, name: str, *arguments: str) -> Path:
    """Create one more project from the pattern."""
    assert blueprint("new", name, "-p", "./tiny", "--yes", *arguments, cwd=here).status == 0
    return here / name


def test_a_fleet_shows_every_project(here: Path) -> None:
    """Each template of each project has its versions, edits, state and conflicts; nothing is written."""
    shop = create_project(here)
    edit(shop, "body.txt", "line 8", "mine")
    old = create(here, "old")
    release_version(here, {"files/body.txt": NEWER_BODY})
    create(here, "fresh")
    before = content(here)
    done = fleet(here, f"# Our shops\nshop\n\n{old}\nfresh\nnowhere\n", "--json")

    assert done.status == 9
    assert [
        (row["folder"], row["version"], row["newest"], row["edits"], row["state"], row["conflicts"])
        for row in done.json["projects"]
    ] == [
        ("shop", "1.2.3", "1.3.0", 1, "behind", ["body.txt"]),
        (str(old), "1.2.3", "1.3.0", 0, "behind", []),
        ("fresh", "1.3.0", "1.3.0", 0, "current", []),
        ("nowhere", None, None, 0, None, []),
    ]
    assert done.json["projects"][3]["error"]["code"] == "bad-project"
    assert [done.json[word] for word in ("current", "behind", "waiting", "errors")] == [1, 2, 0, 1]
    (here / "projects.txt").unlink()
    assert content(here) == before


def test_the_table_is_aligned(here: Path) -> None:
    """For people, it is one aligned table; a project with unresolved conflicts waits."""
    shop = create_project(here)
    edit(shop, "body.txt", "line 8", "mine")
    release_version(here, {"files/body.txt": NEWER_BODY})
    assert blueprint("update", cwd=shop).status == 8
    create(here, "fresh")

    done = fleet(here, "shop\nfresh\n")
    assert (done.status, done.out) == (
        8,
        "PROJECT  PATTERN  VERSION  NEWEST  EDITS  STATE    CONFLICTS\n"
        "shop     tiny     1.3.0    -       1      waiting  1\n"
        "fresh    tiny     1.3.0    1.3.0   0      current  0\n"
        "\n"
        "1 current, 0 behind, 1 waiting, no errors\n",
    )
    assert fleet(here, "fresh\n").status == 0


def test_templates_of_one_project_have_their_own_rows(here: Path) -> None:
    """A project with several templates has a row for each."""
    create_project(here)
    added = blueprint(
        "new", "--into", "shop", "-p", "./tiny", "--template", "twice", "--set", "domain=more", cwd=here
    )
    assert added.status in (0, 8)
    rows = fleet(here, "shop\n", "--json").json["projects"]
    assert [row["template"] for row in rows] == ["main", "twice"]


def test_a_list_without_projects_is_an_error(here: Path) -> None:
    """A missing file and an empty one are errors that say what to do."""
    empty = fleet(here, "# none yet\n", "--json")
    assert (empty.status, empty.json["error"]["code"]) == (2, "usage")
    missing = blueprint("fleet", "nowhere.txt", cwd=here)
    assert (missing.status, missing.err.startswith("Error: cannot read nowhere.txt")) == (6, True)


def test_a_repository_is_fetched_once(here: Path, tmp_path: Path) -> None:
    """Projects from the same repository share one fetch, which git's trace shows."""
    template = tmp_path / "tiny"
    write_template(template, "native", {"body.txt": BODY})
    source = release(template, "v1.0.0")
    for name in ("one", "two", "three"):
        assert blueprint("new", name, "-p", source, "--yes", cwd=here).status == 0
    trace = tmp_path / "trace"
    (here / "projects.txt").write_text("one\ntwo\nthree\n")
    done = blueprint("fleet", "projects.txt", cwd=here, env={"GIT_TRACE": str(trace)})
    assert done.status == 0, done.out
    assert sum("built-in: git fetch" in line for line in trace.read_text().splitlines()) == 1
