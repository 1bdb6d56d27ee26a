"""`blueprint pattern add`, `list` and `remove`: patterns of a user or a team."""

import json
from pathlib import Path

import pytest
import yaml

from tests.patterns_on_disk import tiny, write_files, write_pattern
from tests.repositories import commit
from tests.sources.templates import url, write_template

from .running import Outcome, blueprint


class User:
    """A user with a separate configuration."""

    def __init__(self, here: Path, home: Path) -> None:
        self.here = here
        self.home = home

    def run(self, *arguments: str | Path) -> Outcome:
        """Run `blueprint` as this user."""
        return blueprint(*arguments, cwd=self.here, env={"XDG_CONFIG_HOME": str(self.home)})

    def listed(self) -> dict[str, str]:
        """Return name and source of each pattern that is not built in."""
        patterns = self.run("pattern", "list", "--json").json["patterns"]
        return {entry["name"]: entry["source"] for entry in patterns if entry["source"] != "blueprint"}


@pytest.fixture
def user(tmp_path: Path, here: Path) -> User:
    """A user who has added no pattern."""
    return User(here, tmp_path / "home")


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """A repository with a pattern of each kind, and folders that are not patterns."""
    folder = tmp_path / "team"
    write_pattern(folder / "service", tiny(name="team-service"))
    write_template(folder / "more/library", {"copier.yml": "name: x\n", "a.txt.jinja": "{{ name }}"})
    write_template(
        folder / "site", {"cookiecutter.json": json.dumps({"name": "x"}), "{{cookiecutter.name}}/a.txt": "a"}
    )
    write_files(folder, {"docs/README.md": "", ".hidden/pattern.yaml": ""})
    commit(folder, "v1.0.0")
    return folder


def test_all_patterns_of_a_repository_are_added(user: User, team: Path) -> None:
    """All patterns of a repository are added at once, and each can be used by its name."""
    added = user.run("pattern", "add", url(team), "--json").json["patterns"]

    assert [(entry["name"], entry["kind"]) for entry in added] == [
        ("library", "copier"),
        ("team-service", "native"),
        ("site", "cookiecutter"),
    ]
    assert user.listed() == {
        "library": f"{url(team)}#more/library",
        "site": f"{url(team)}#site",
        "team-service": f"{url(team)}#service",
    }
    assert user.run("new", "shop", "-p", "library", "--set", "name=y").status == 0
    assert (user.here / "shop/a.txt").read_text() == "y"


def test_a_project_records_the_source_and_not_the_local_name(user: User, team: Path) -> None:
    """A project records the source of its pattern, not the local name, so that others can update it."""
    user.run("pattern", "add", f"{url(team)}@v1.0.0#site", "--name", "ours")
    user.run("new", "shop", "-p", "ours")

    recorded = yaml.safe_load((user.here / "shop/.blueprint/answers.yaml").read_text())
    assert recorded["pattern"] == f"{url(team)}@v1.0.0#site"


def test_adding_a_pattern_again_refreshes_it(user: User, tmp_path: Path) -> None:
    """Adding a pattern again refreshes its entry; until then the list is unchanged."""
    write_pattern(tmp_path / "one")
    user.run("pattern", "add", tmp_path / "one")
    write_pattern(tmp_path / "one", tiny(version="2.0.0"))
    again = user.run("pattern", "add", tmp_path / "one")

    assert again.out == f"Added tiny             2.0.0    {tiny()['summary']}  ({tmp_path / 'one'})\n"
    assert user.listed() == {"tiny": str(tmp_path / "one")}


def test_a_name_identifies_one_pattern(user: User, tmp_path: Path) -> None:
    """A name in use cannot be taken by another source; --name gives another one."""
    write_pattern(tmp_path / "one", tiny(name="monolith"))
    refused = user.run("pattern", "add", tmp_path / "one", "--json")
    assert (refused.status, refused.json["error"]["code"]) == (2, "usage")
    assert refused.json["error"]["message"] == "the name monolith is taken by a built-in pattern"

    assert user.run("pattern", "add", tmp_path / "one", "--name", "Not a name").status == 2
    assert user.run("pattern", "add", tmp_path / "one", "--name", "mine").status == 0
    write_pattern(tmp_path / "two", tiny(name="mine"))
    assert user.run("pattern", "add", tmp_path / "two").status == 2
    assert user.listed() == {"mine": str(tmp_path / "one")}


def test_removing_a_pattern_keeps_folder_and_projects(user: User, tmp_path: Path) -> None:
    """Removing a pattern only forgets it: its folder and its projects stay."""
    folder = write_pattern(tmp_path / "one")
    user.run("pattern", "add", folder)
    user.run("new", "shop", "-p", "tiny")
    assert user.run("pattern", "remove", "tiny").out.startswith("Removed tiny")

    assert user.listed() == {}
    assert folder.is_dir()
    assert (user.here / "shop/README.md").is_file()
    gone = user.run("new", "other", "-p", "tiny", "--json")
    assert (gone.status, gone.json["error"]["code"]) == (4, "unknown-pattern")
    nearly = user.run("pattern", "remove", "tinny", "--json").json["error"]
    assert nearly["message"] == "there is no added pattern 'tinny'"


def test_show_names_source_and_commit(user: User, team: Path) -> None:
    """`show` names the source of a pattern, with its commit."""
    head = commit(team)
    user.run("pattern", "add", f"{url(team)}@main#site")
    shown = user.run("pattern", "show", "site")
    assert f"From {url(team)}#site, commit {head} (cookiecutter)" in shown.out


def test_a_folder_without_patterns_is_refused(user: User, here: Path) -> None:
    """A folder without patterns is refused, and the hint names the files that make a pattern."""
    (here / "empty").mkdir()
    refused = user.run("pattern", "add", "./empty", "--json")
    assert (refused.status, refused.json["error"]["code"]) == (4, "unknown-pattern")
    assert "copier.yml" in refused.json["error"]["hint"]


def test_a_damaged_list_is_an_error(user: User) -> None:
    """A damaged list of patterns is an error, and is not overwritten."""
    write_files(user.home, {"blueprint/patterns.json": "{"})
    for verb in (["list"], ["add", "."]):
        assert user.run("pattern", *verb).status in (4, 6)
    assert (user.home / "blueprint/patterns.json").read_text() == "{"


def test_a_pattern_of_an_installed_package_is_found(tmp_path: Path, here: Path) -> None:
    """A pattern of an installed package is found by its entry point, without running the package."""
    site = tmp_path / "site"
    write_pattern(site / "acme_patterns/shop", tiny(name="acme"))
    write_files(
        site,
        {
            "acme_patterns/__init__.py": "raise SystemExit('imported')",
            "acme-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n",
            "acme-1.0.dist-info/entry_points.txt": "[blueprint.patterns]\nacme = acme_patterns.shop\n",
        },
    )
    env = {"PYTHONPATH": str(site)}
    listed = blueprint("pattern", "list", "--json", cwd=here, env=env).json["patterns"]
    assert ("acme", "an installed package") in [(entry["name"], entry["source"]) for entry in listed]
    made = blueprint("new", "shop", "-p", "acme", "--json", cwd=here, env=env)
    assert made.json["pattern"] == {"name": "acme", "version": "1.2.3"}


def test_a_faulty_package_does_not_hide_the_other_patterns(tmp_path: Path, here: Path) -> None:
    """Installed packages that cannot be used are named in a warning; all other patterns are listed."""
    site = tmp_path / "site"
    write_pattern(site / "acme/good", tiny(name="good"))
    write_files(site, {"acme/bad/pattern.yaml": "name: [", "acme/__init__.py": ""})
    entry_points = {
        "good": "[blueprint.patterns]\ngood = acme.good\n",
        "bad": "[blueprint.patterns]\nbad = acme.bad\n",
        "gone": "[blueprint.patterns]\ngone = acme.gone\n",
        "broken": "[blueprint.patterns]\nno equals sign\n",
    }
    for name, points in entry_points.items():
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
        write_files(
            site,
            {f"{name}-1.0.dist-info/METADATA": metadata, f"{name}-1.0.dist-info/entry_points.txt": points},
        )
    write_files(site, {"odd-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: odd\nVersion: 1.0\n"})
    (site / "odd-1.0.dist-info/entry_points.txt").write_bytes(b"[blueprint.patterns]\n\xff = acme.good\n")
    env = {"PYTHONPATH": str(site)}
    listed = blueprint("pattern", "list", "--json", cwd=here, env=env).json
    names = {entry["name"] for entry in listed["patterns"]}
    assert {"good", "monolith"} <= names
    assert not names & {"bad", "gone"}
    assert sorted(listed["problems"]) == [
        "the entry points of the package broken cannot be read",
        "the entry points of the package odd cannot be read",
        f"the installed pattern bad cannot be used, because {site}/acme/bad/pattern.yaml does not say which"
        " pattern it is: its name, title, summary or version cannot be read",
        "the package gone has no folder acme.gone for gone",
    ]
    # Where another finder or an egg may have packages, importlib.metadata looks, and finds the same here.
    unusual = {"PYTHONPATH": f"{site}:{site}/none.egg"}
    also = blueprint("pattern", "list", "--json", cwd=here, env=unusual).json
    assert also["patterns"] == listed["patterns"]
    assert sorted(also["problems"]) == sorted(listed["problems"])
    shown = blueprint("pattern", "list", cwd=here, env=env)
    assert shown.status == 0
    assert "Warning: the package gone has no folder" in shown.out
    assert blueprint("new", "shop", "-p", "good", cwd=here, env=env).status == 0
