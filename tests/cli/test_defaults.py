"""A user's defaults: where they apply, where they come from, and what is wrong with the file."""

import json
from pathlib import Path

import pytest

from tests import patterns_on_disk
from tests.patterns_on_disk import TINY, write_pattern

from .projects import create_project, outcomes, release_version
from .running import Outcome, blueprint
from .terminals import answer, at_terminal, ended


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of the user's file of defaults, which does not exist yet."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / ".config"))
    folder = tmp_path / ".config/blueprint"
    folder.mkdir(parents=True)
    return folder / "defaults.yaml"


def new(tiny: Path, here: Path, *arguments: str) -> Outcome:
    """Run `blueprint new` as a dry run, with JSON."""
    return blueprint("new", "shop", "-p", tiny, "--dry-run", "--json", *arguments, cwd=here)


def test_defaults_replace_those_of_the_pattern(file: Path, tiny: Path, here: Path) -> None:
    """Options that the pattern has get the user's default, and the output says which."""
    file.write_text("options:\n  database: mysql\n  replicas: 5\n  author: Somebody\n")
    made = new(tiny, here).json

    assert made["answers"] == {"database": "mysql", "kubernetes": True, "domain": "default", "replicas": 5}
    assert made["defaults"] == {"path": str(file), "names": ["database", "replicas"]}
    shown = blueprint("new", "shop", "-p", tiny, "--yes", "--no-git", cwd=here).out
    assert "  database: mysql  (from ~/.config/blueprint/defaults.yaml)\n" in shown
    assert "  kubernetes: yes\n" in shown


def test_given_answers_win(file: Path, tiny: Path, here: Path) -> None:
    """Flags, --set and an answers file have priority over a default."""
    file.write_text("options: {database: mysql, kubernetes: no, replicas: 5}\n")
    (here / "answers.yaml").write_text("replicas: 3\n")
    made = new(tiny, here, "--database", "postgresql", "--answers", "answers.yaml").json

    assert made["answers"] == {"database": "postgresql", "kubernetes": False, "replicas": 3}
    assert made["defaults"]["names"] == ["kubernetes"]


def test_a_default_of_an_option_that_does_not_exist_is_ignored(file: Path, tiny: Path, here: Path) -> None:
    """Without Kubernetes there is no domain, so its default does not apply; a given answer is an error."""
    file.write_text("options: {kubernetes: no, domain: prod}\n")
    assert "domain" not in new(tiny, here).json["answers"]
    assert new(tiny, here, "--kubernetes").json["answers"]["domain"] == "prod"
    assert new(tiny, here, "--set", "domain=prod").status == 3


def test_a_misspelled_option_is_a_warning(file: Path, tiny: Path, here: Path) -> None:
    """A name that is close to an option is named with its line; one of another pattern is not."""
    file.write_text("options:\n  databse: mysql\n  broker_storage_gib: 20\n  author: Somebody\n")
    warning = (
        "~/.config/blueprint/defaults.yaml, line 2: tiny has no option 'databse'; did you mean 'database'?"
    )

    assert new(tiny, here).json["warnings"] == [warning]
    assert new(tiny, here).json["answers"]["database"] == "postgresql"
    shown = blueprint("new", "shop", "-p", tiny, "--yes", "--no-git", cwd=here).out
    assert f"Warning: {warning}" in " ".join(shown.split())


def test_an_option_of_another_built_in_pattern_is_no_warning(file: Path, here: Path) -> None:
    """The file serves all patterns, also where their options have similar names."""
    file.write_text("options: {cache: redis}\n")
    caches = {"type": "integer", "question": "Caches?", "default": 1}
    pattern = write_pattern(
        here / "pattern", patterns_on_disk.tiny(options={**TINY["options"], "caches": caches})
    )
    assert new(pattern, here).json["warnings"] == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("options:\n  database: oracle\n", "line 2: 'oracle' is not valid for database"),
        ("# Ours\noptions:\n  replicas: many\n", "line 3: 'many' is not valid for replicas"),
        ("optoins:\n  database: mysql\n", "line 1: there is no section 'optoins'; did you mean 'options'?"),
        ("options:\n  database: [mysql\n", "line 3: has a bracket that is not closed"),
        ("options: mysql\n", "line 1: options: expected `name: value` lines"),
        ("- mysql\n", "line 1: expected the sections `options:` and `needs:`"),
        ("needs: {cloud: ibm}\n", None),
    ],
)
def test_an_invalid_file_is_one_sentence_with_the_line(
    file: Path, tiny: Path, here: Path, text: str, says: str | None
) -> None:
    """The message names the file and the line. Needs are checked only by `recommend`."""
    file.write_text(text)
    made = new(tiny, here)
    if says is None:
        assert made.status == 0
        return
    assert made.status == 3
    error = json.loads(made.out)["error"]
    assert error["code"] == "bad-answers"
    assert error["message"].startswith(f"~/.config/blueprint/defaults.yaml, {says}")
    assert error["hint"]


def test_an_answer_avoids_a_default_that_is_not_valid(file: Path, tiny: Path, here: Path) -> None:
    """A pattern whose option has other values can still be used."""
    file.write_text("options: {database: oracle}\n")
    assert new(tiny, here, "--database", "mysql").json["defaults"] is None


def test_a_secret_option_has_no_default(file: Path, here: Path) -> None:
    """A file of defaults is no place for a secret: the line is refused, and its value is not shown."""
    token = {"type": "string", "question": "Token?", "default": "", "secret": True}
    pattern = write_pattern(
        here / "pattern", patterns_on_disk.tiny(options={**TINY["options"], "token": token})
    )
    file.write_text("options:\n  token: s3cr3t\n")
    failed = blueprint("new", "shop", "-p", pattern, "--yes", cwd=here)
    assert failed.status == 3
    assert "defaults.yaml, line 2: token is secret" in failed.err
    assert "s3cr3t" not in failed.err


def test_questions_offer_the_default_and_say_where_it_is_from(file: Path, tiny: Path, here: Path) -> None:
    """Enter takes the user's default."""
    file.write_text("options: {database: mysql, replicas: 5}\n")
    with at_terminal(["new", "-p", str(tiny)], here) as session:
        answer(session, "Project name", "shop")
        asked = answer(session, "[mysql]", "")
        answer(session, "Kubernetes?", "no")
        shown = answer(session, "Create this project?", "yes")
        assert ended(session)[0] == 0

    assert "(your default, from ~/.config/blueprint/defaults.yaml)" in asked
    assert "database: mysql" in shown
    assert "replicas: 5  (from ~/.config/blueprint/defaults.yaml)" in shown


def test_an_update_reads_no_defaults(file: Path, here: Path) -> None:
    """A project remembers its answers, so the defaults of the user who updates it change nothing."""
    shop = create_project(here)
    file.write_text("options: {database: mysql, replicas: 9, optional: 7}\n")
    optional = {"type": "integer", "question": "More?", "default": 1, "ask": "never"}
    release_version(here, {}, options={**TINY["options"], "optional": optional})
    done = blueprint("update", "--json", cwd=shop)
    assert done.status == 0
    assert set(outcomes(done)) <= {".blueprint/answers.yaml", "README.md", "src/shop/version.py"}
    answers = (shop / ".blueprint/answers.yaml").read_text()
    assert "postgresql" in answers
    assert "optional: 1" in answers


def test_needs_that_are_not_given_come_from_the_file(file: Path, here: Path) -> None:
    """A recommendation counts them as answers; the preset and flags have priority."""
    file.write_text("needs: {cloud: gcp, engineers: 3, stage: mature}\n")
    arguments = ("recommend", "--preset", "small-shop", "--stage", "growth", "--save", "needs.yaml")
    found = blueprint(*arguments, "--json", cwd=here).json

    assert found["needs"]["cloud"] == "gcp"
    assert found["needs"]["stage"] == "growth"
    assert "cloud" not in found["assumed"]
    assert "cloud" in found["defaults"]["names"]
    assert "stage" not in found["defaults"]["names"]
    assert "  cloud: gcp" in (here / "needs.yaml").read_text()
    text = blueprint("recommend", "--yes", cwd=here).out
    assert "From ~/.config/blueprint/defaults.yaml: cloud, engineers, stage" in text


def test_a_needs_file_stands_for_itself(file: Path, here: Path) -> None:
    """The same needs.yaml gives the same recommendation on every machine."""
    (here / "needs.yaml").write_text("team: {engineers: 40}\n")
    before = blueprint("recommend", "--needs", "needs.yaml", "--json", cwd=here).json
    file.write_text("needs: {cloud: gcp, availability: 99.99}\n")
    assert blueprint("recommend", "--needs", "needs.yaml", "--json", cwd=here).json == before
    assert before["defaults"] is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("needs:\n  clod: gcp\n", "line 2: clod: unknown name; did you mean 'cloud'?"),
        ("needs:\n  cloud: ibm\n", "line 2: surroundings.cloud: 'ibm' is not a valid choice"),
        ("needs:\n  flows: []\n", "line 2: flows: unknown name"),
    ],
)
def test_invalid_needs_are_named_with_their_line(file: Path, here: Path, text: str, says: str) -> None:
    """As for options."""
    file.write_text(text)
    failed = blueprint("recommend", "--yes", cwd=here)
    assert failed.status == 7
    assert failed.err.startswith(f"Error: ~/.config/blueprint/defaults.yaml, {says}")


def test_a_recommendation_leaves_what_the_user_always_answers(file: Path, here: Path) -> None:
    """A default wins over a recommended option, and options that it excludes are left out."""
    file.write_text("options: {database: mysql, cache: memory, image_registry: ghcr.io/team}\n")
    (here / "needs.yaml").write_text("traffic: {peak_rps: 2000}\nsurroundings: {host: kubernetes}\n")
    made = blueprint("new", "shop", "--needs", "needs.yaml", "--dry-run", "--json", cwd=here).json
    assert made["defaults"]["names"] == ["cache", "database", "image_registry"]
    assert made["answers"]["database"] == "mysql"
    assert "cache_memory_mib" not in made["answers"]
    given = ("new", "shop", "--needs", "needs.yaml", "--cache", "redis", "--dry-run", "--json")
    assert blueprint(*given, cwd=here).json["answers"]["cache_memory_mib"] > 0
