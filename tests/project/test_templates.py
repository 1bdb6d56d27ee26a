"""Two templates of one project whose files overlap: no line is lost, and a kill leaves nothing half done."""

import random
import shutil
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint.errors import TargetError
from blueprint.patterns import Pattern, check_answers, load_pattern
from blueprint.project import with_state, write
from blueprint.project.apply.journal import (
    STAGING,
    apply_edits,
    discard_uncommitted,
    finish_update,
    is_interrupted,
)
from blueprint.project.load import load_templates
from blueprint.project.merge.text import has_markers
from blueprint.project.state import MAIN
from blueprint.project.templates import PreparedUpdates, prepare_updates, template_to_add
from blueprint.project.update import TemplateUpdate
from blueprint.render import render
from tests.patterns_on_disk import tiny, write_pattern

from .killing import KILLER, NEVER, Killed, state

PATHS = ("a.txt", "b/c.txt", "d", "d/e.txt", "f.txt")
KILLS = 4
COUNTS: Counter[str] = Counter()

Files = dict[str, list[str]]


@pytest.fixture(scope="module", autouse=True)
def _print_counts() -> Iterator[None]:
    yield
    print("\n" + ", ".join(f"{number} {what}" for what, number in COUNTS.items()))


def first_version(source: random.Random, author: str, like: Mapping[str, list[str]]) -> Files:
    """Draw the files of a template; some equal those of another one, or share lines with them."""
    files: Files = {f"{author}.txt": [f"{author} alone"]}
    blocked = source.choice(["d", "d/e.txt"])
    for path in PATHS:
        if path != blocked and source.random() < 0.6:
            lines = like.get(path) or source.choices("uvwxyz", k=source.randint(0, 8))
            files[path] = lines if source.random() < 0.4 else edited(source, lines, author)
    return files


def next_version(source: random.Random, files: Files, author: str) -> Files:
    """Draw a newer version: edited, dropped, renamed and new files."""
    newer = {
        path: edited(source, lines, f"{author} new") if source.random() < 0.6 else lines
        for path, lines in files.items()
        if source.random() < 0.8
    }
    for path in PATHS:
        fits = not any(f"{each}/".startswith(f"{path}/") or path.startswith(f"{each}/") for each in newer)
        if fits and source.random() < 0.2:
            newer[path] = source.choice([*files.values(), [f"{author} new file"]])
    return newer


def edited(source: random.Random, lines: list[str], author: str) -> list[str]:
    """`lines` with some common ones removed, and some inserted by `author`."""
    return inserted(source, [line for line in lines if len(line) > 1 or source.random() < 0.8], author)


def inserted(source: random.Random, lines: list[str], author: str) -> list[str]:
    """`lines` with some inserted by `author`."""
    extended = [*lines]
    for _ in range(source.randint(0, 2)):
        extended.insert(source.randint(0, len(extended)), f"{author} {source.randint(0, 99)}")
    return extended


def pattern(folder: Path, name: str, files: Files, version: str) -> Pattern:
    """Write and load a pattern that renders `files`."""
    content = tiny(
        name=name, version=version, options={}, values={}, look=[], layers=[{"from": "files", "to": "."}]
    )
    written = {f"files/{path}": "".join(f"{line}\n" for line in lines) for path, lines in files.items()}
    folder.joinpath("files").mkdir(parents=True)
    return load_pattern(write_pattern(folder, content, written))


def create(folder: Path, template: Pattern) -> None:
    """Create a project from its first template."""
    answers = check_answers(template, "shop", {})
    tree = with_state(render(template, answers).tree, template, answers, template.name)
    write(tree, folder, before_commit=lambda: None)


def update(folder: Path, patterns: Mapping[str, Pattern]) -> PreparedUpdates | None:
    """Add or update these templates as the commands do; None if that finished an earlier update."""
    if is_interrupted(folder):
        finish_update(folder)
        return None
    discard_uncommitted(folder)
    templates = load_templates(folder)
    wanted = []
    for name, each in patterns.items():
        answers = check_answers(each, "shop", {})
        wanted.append(
            TemplateUpdate(templates[name], each, answers, each.name)
            if name in templates
            else template_to_add(templates[MAIN], name, each, answers, each.name)
        )
    prepared = prepare_updates(wanted, templates)
    changes = [change for each in prepared.updates for change in each.changes]
    if prepared.edits:
        apply_edits(folder, prepared.edits, changes, before_commit=lambda: None)
    return prepared


def edit(source: random.Random, folder: Path, known: Collection[str]) -> None:
    """Edit a project as a user would: insert lines, delete files, and write files that are not `known`."""
    for path, lines in lines_in(folder).items():
        if source.random() < 0.1:
            (folder / path).unlink()
        else:
            put(folder, path, inserted(source, lines, "mine"))
    for path in PATHS:
        target = folder / path
        free = path not in known and not target.exists() and target.parent.is_dir()
        if free and source.random() < 0.2:
            put(folder, path, ["mine alone", "u"])


def put(folder: Path, path: str, lines: list[str]) -> None:
    (folder / path).write_text("".join(f"{line}\n" for line in lines))


def lines_in(folder: Path) -> Files:
    """Return the lines of every file, by path, except for the state."""
    return {
        str(path.relative_to(folder)): path.read_text().splitlines()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".blueprint" not in path.relative_to(folder).parts
    }


def resolve(folder: Path) -> None:
    """Resolve all conflicts by keeping every line."""
    for path, lines in lines_in(folder).items():
        if has_markers((folder / path).read_bytes()):
            markers = ("<<<<<<< ", "||||||| ", "=======", ">>>>>>> ")
            put(folder, path, [line for line in lines if not line.startswith(markers)])


def everything(files: Files) -> set[str]:
    return {line for lines in files.values() for line in lines}


def killed_anywhere(
    source: random.Random, original: Path, patterns: Mapping[str, Pattern]
) -> PreparedUpdates:
    """Update `original`, after some killed updates of copies that the next one has to finish."""
    whole = shutil.copytree(original, original.with_name("whole"))
    with KILLER.watching(whole, NEVER):
        prepared = update(whole, patterns)
    assert prepared is not None
    expected = state(whole)
    before = state(original)
    for fatal in source.sample(range(1, KILLER.seen + 1), min(KILLS, KILLER.seen)):
        copy = shutil.copytree(original, original.with_name("copy"))
        with KILLER.watching(copy, fatal), pytest.raises(Killed):
            update(copy, patterns)
        COUNTS["kills"] += 1
        left = {path: entry for path, entry in state(copy).items() if not path.startswith(STAGING)}
        assert is_interrupted(copy) or left in (before, expected)
        if is_interrupted(copy) or left == before:
            update(copy, patterns)
        discard_uncommitted(copy)
        assert state(copy) == expected
        shutil.rmtree(copy)
    shutil.rmtree(original)
    whole.rename(original)
    return prepared


@pytest.mark.slow
@given(st.randoms(use_true_random=True))
def test_overlapping_templates_lose_nothing(source: random.Random) -> None:
    """Two templates are added, edited, updated and killed: each line of the user and of each template stays.

    Adding keeps every line of every file. An update keeps the lines of the user and of the other template,
    and brings all new lines. When no template waits any more, another update changes nothing.
    """
    files = {MAIN: first_version(source, MAIN, {})}
    files["second"] = first_version(source, "second", files[MAIN])
    newer = {name: next_version(source, each, name) for name, each in files.items()}
    with TemporaryDirectory(prefix="blueprint-templates-") as scratch:
        old = {name: pattern(Path(scratch, "1", name), name, each, "1.0.0") for name, each in files.items()}
        new = {name: pattern(Path(scratch, "2", name), name, each, "2.0.0") for name, each in newer.items()}
        shop = Path(scratch, "shop")
        create(shop, old[MAIN])
        edit(source, shop, files[MAIN])
        before = lines_in(shop)
        COUNTS["projects"] += 1
        COUNTS["common files"] += len(files[MAIN].keys() & files["second"].keys())
        try:
            killed_anywhere(source, shop, {"second": old["second"]})
        except TargetError:
            COUNTS["refused"] += 1
            assert lines_in(shop) == before
            return
        added = lines_in(shop)
        for path, lines in before.items():
            assert not Counter(lines) - Counter(added[path])
        for path, lines in files["second"].items():
            assert set(lines) <= set(added[path])

        resolve(shop)
        edit(source, shop, {*files[MAIN], *files["second"]})
        before = lines_in(shop)
        mine = {line for line in everything(before) if line.startswith("mine")}
        waiting = tuple(new)
        while waiting:
            resolve(shop)
            at_start = lines_in(shop)
            remaining = {name: new[name] for name in waiting}
            try:
                waiting = killed_anywhere(source, shop, remaining).waiting
            except TargetError:
                COUNTS["refused"] += 1
                assert lines_in(shop) == at_start
                return
            COUNTS["updates"] += 1
            assert mine <= everything(lines_in(shop))
        after = lines_in(shop)
        for name, each in newer.items():
            for path, lines in each.items():
                if path in before or path not in files[name]:
                    own = {line for line in lines if line.startswith(name)}
                    assert own <= set(after[path])
        resolve(shop)
        again = update(shop, new)
        assert again is not None
        assert again.edits == ()
