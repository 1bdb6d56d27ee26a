"""Measure an update: `python -m bench.update [--rounds N]`.

A project of 150 files, 30 of them edited by the user, and a newer pattern that changed a line in each.
blueprint, `copier update` and `cruft update` (where it is on the PATH) start from the same files in git, and
must end with the same files. blueprint runs without compiled templates ("blueprint": the first update to a
version), and with them ("cached"). Whole processes, in turn within each round; times are medians, a ratio
is the median of the ratios within each round.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from blueprint.patterns import check_answers, find_pattern

from .engine import tools
from .engine.__main__ import PROJECT, show
from .engine.flatten import Template, context_of, flatten

FILES = 150
EDITS = 30
GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_NAME": "bench",
    "GIT_AUTHOR_EMAIL": "bench@example.com",
    "GIT_COMMITTER_NAME": "bench",
    "GIT_COMMITTER_EMAIL": "bench@example.com",
}
ANSWERS = Template(
    "{{ _copier_conf.answers_file }}", b"{{ _copier_answers|to_nice_yaml }}", rendered=True, executable=False
)
OWN = (".git/", ".blueprint/", ".copier-answers.yml", ".cruft.json")
"""What belongs to the tools and not to the project."""


@dataclass(frozen=True)
class Updater:
    """A tool: a project that it made, with edits, and the command that updates it from within.

    `cache` is where blueprint has its compiled templates, and `cold` that it begins without.
    """

    name: str
    project: Path
    command: tuple[str, ...]
    cache: Path
    cold: bool = False


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.update")
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as scratch:
        updaters = [*prepare(Path(scratch))]
        seconds: dict[str, list[float]] = {updater.name: [] for updater in updaters}
        for _ in range(rounds):
            trees = []
            for updater in updaters:
                took, tree = update(updater, Path(scratch))
                seconds[updater.name].append(took)
                trees.append(tree)
            if any(tree != trees[0] for tree in trees):
                sys.exit("the tools end with different files")
        show(f"Update of {FILES} files, {EDITS} of them edited", seconds)


def prepare(folder: Path) -> Iterator[Updater]:
    """The project of each tool, edited, when its pattern has just moved on."""
    ours = folder / "pattern"
    write_pattern(ours, 1)
    ours_made = folder / "blueprint/project"
    run(tools.BIN / "blueprint", "new", PROJECT, "-p", f"{ours}/", "--yes", "-o", ours_made)
    theirs, theirs_made = folder / "copier-template", folder / "copier/project"
    write_copier(theirs, ours)
    commit(theirs, "1.0.0")
    run(tools.BIN / "copier", "copy", "--defaults", "--quiet", theirs, theirs_made)
    cruft, cruft_made = folder / "cruft-template", folder / "cruft" / PROJECT
    cruft_program = shutil.which("cruft", path=f"{tools.BIN}{os.pathsep}{os.environ['PATH']}")
    if cruft_program:
        write_cookiecutter(cruft, ours)
        commit(cruft, "1.0.0")
        run(cruft_program, "create", "--no-input", "--output-dir", cruft_made.parent, cruft)

    write_pattern(ours, 2)
    write_copier(theirs, ours)
    commit(theirs, "2.0.0")
    cache = folder / "cache"
    command: tuple[str, ...] = (str(tools.BIN / "blueprint"), "update")
    yield Updater("blueprint", edited(ours_made), command, cache, cold=True)
    yield Updater("blueprint, cached", ours_made, command, cache)
    command = (str(tools.BIN / "copier"), "update", "--defaults", "--quiet", "--skip-answered")
    yield Updater("copier", edited(theirs_made), command, cache)
    if cruft_program:
        write_cookiecutter(cruft, ours)
        commit(cruft, "2.0.0")
        command = (cruft_program, "update", "--skip-apply-ask")
        yield Updater("cruft", edited(cruft_made), command, cache)


def write_pattern(folder: Path, version: int) -> None:
    """The templates of 60 lines that `bench.engine` has; each version has another second line in each."""
    (folder / "files").mkdir(parents=True, exist_ok=True)
    lines = "".join(f"value_{n} = '{{{{ project }}}}' # {{{{ package }}}} {n}\n" for n in range(19))
    body = lines + "{% for n in range(40) %}\nline_{{ n }} = {{ n * 2 }}\n{% endfor %}\n"
    for number in range(FILES):
        text = f"# {number}\nversion = {version}\n{body}"
        (folder / f"files/module_{number}.py.jinja").write_text(text)
    content = {
        "format": 1,
        "name": "flat",
        "title": "Flat",
        "summary": "Nothing but templates.",
        "version": f"{version}.0.0",
        "layers": [{"from": "files", "to": "src/{{ package }}"}],
        "run": "true",
        "test": "true",
    }
    (folder / "pattern.yaml").write_text(yaml.safe_dump(content))


def write_copier(folder: Path, ours: Path) -> None:
    """The same templates for Copier, which also has to write down its answers."""
    pattern = find_pattern(f"{ours}/")
    context = {"project": PROJECT, "package": PROJECT.replace("-", "_")}
    templates = [*flatten(pattern, context_of(pattern, check_answers(pattern, PROJECT, {})))]
    shutil.rmtree(folder / "template", ignore_errors=True)
    tools.copier(folder, [*templates, ANSWERS], context)


def write_cookiecutter(folder: Path, ours: Path) -> None:
    """The same templates for Cookiecutter, which cruft updates."""
    pattern = find_pattern(f"{ours}/")
    context = {"project": PROJECT, "package": PROJECT.replace("-", "_")}
    templates = [*flatten(pattern, context_of(pattern, check_answers(pattern, PROJECT, {})))]
    shutil.rmtree(folder / "{{ cookiecutter.project }}", ignore_errors=True)
    tools.cookiecutter(folder, templates, context)


def edited(project: Path) -> Path:
    """`project` with a line at the end of every fifth file, committed."""
    for path in sorted(project.glob("src/*/module_*.py"))[:: FILES // EDITS]:
        with path.open("a") as file:
            file.write("mine = True\n")
    commit(project, "0.0.1")
    return project


def commit(folder: Path, tag: str) -> None:
    """Commit all there is in `folder`, and tag it as some tools want it."""
    if not (folder / ".git").is_dir():
        run("git", "init", "-q", cwd=folder)
    run("git", "add", "--all", cwd=folder)
    run("git", "commit", "-q", "-m", tag, cwd=folder)
    run("git", "tag", tag, cwd=folder)


def update(updater: Updater, folder: Path) -> tuple[float, dict[str, bytes]]:
    """Seconds that the tool takes for a fresh copy, and the files afterwards."""
    copy = folder / "work" / updater.project.name
    shutil.copytree(updater.project, copy)
    if updater.cold:
        shutil.rmtree(updater.cache, ignore_errors=True)
    started = time.perf_counter()
    run(*updater.command, cwd=copy, cache=updater.cache)
    took = time.perf_counter() - started
    files = {str(path.relative_to(copy)): path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    shutil.rmtree(copy)
    return took, {path: content for path, content in files.items() if not path.startswith(OWN)}


def run(*command: str | Path, cwd: Path | None = None, cache: Path | None = None) -> None:
    """Run a command that must succeed."""
    environment = {**os.environ, **GIT, **({"XDG_CACHE_HOME": str(cache)} if cache else {})}
    done = subprocess.run(
        [*map(str, command)], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}: {done.stdout}{done.stderr}")


if __name__ == "__main__":
    main()
