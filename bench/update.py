"""Measure updates: `python -m bench.update [--rounds N] [--before COMMIT]`.

The project has 150 files, of which the user edited 30, and a newer pattern changes one line in each file.
blueprint, `copier update` and `cruft update` (if it is on the PATH) start from the same files in git and must
end with the same files. blueprint is measured without a cache of compiled templates ("blueprint", the first
update to a version) and with one ("blueprint, cached"). Each measurement is a whole process, and every round
runs the tools in turn, with --before also that commit of blueprint. Times are medians; ratios are medians of
the ratios within each round.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

import yaml

from blueprint.patterns import check_answers, find_pattern

from .before import checkout, environment
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
NO_VARIABLES: Mapping[str, str] = MappingProxyType({})
ANSWERS = Template(
    "{{ _copier_conf.answers_file }}", b"{{ _copier_answers|to_nice_yaml }}", rendered=True, executable=False
)
TOOL_FILES = (".git/", ".blueprint/", ".copier-answers.yml", ".cruft.json")
"""Files and folders of the tools, which the comparison ignores."""


@dataclass(frozen=True)
class Updater:
    """A tool, a project that it generated, with edits, and the command that updates the project.

    `cache` is the folder of compiled templates. `cold` deletes it before each update. `variables` are
    environment variables.
    """

    name: str
    project: Path
    command: tuple[str, ...]
    cache: Path
    cold: bool = False
    variables: Mapping[str, str] = field(default_factory=dict)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.update")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--before", metavar="COMMIT")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        updaters = [*prepare(Path(scratch))]
        if arguments.before:
            variables = checkout(arguments.before, Path(scratch, "before"))
            named = replace(updaters[0], name="blueprint before", variables=variables)
            updaters.insert(1, named)
        for updater in updaters:
            update(updater, Path(scratch))
        seconds: dict[str, list[float]] = {updater.name: [] for updater in updaters}
        for _ in range(arguments.rounds):
            trees = []
            for updater in updaters:
                elapsed, tree = update(updater, Path(scratch))
                seconds[updater.name].append(elapsed)
                trees.append(tree)
            if any(tree != trees[0] for tree in trees):
                sys.exit("The updates of the tools give different files.")
        show(f"Update of {FILES} files, {EDITS} of them edited", seconds)


def prepare(folder: Path) -> Iterator[Updater]:
    """Generate and edit the project of each tool, then release a new version of its template."""
    pattern = folder / "pattern"
    write_pattern(pattern, 1)
    blueprint_project = folder / "blueprint/project"
    run(tools.BIN / "blueprint", "new", PROJECT, "-p", f"{pattern}/", "--yes", "-o", blueprint_project)
    copier, copier_project = folder / "copier-template", folder / "copier/project"
    write_copier(copier, pattern)
    commit(copier, "1.0.0")
    run(tools.BIN / "copier", "copy", "--defaults", "--quiet", copier, copier_project)
    cruft, cruft_project = folder / "cruft-template", folder / "cruft" / PROJECT
    cruft_program = shutil.which("cruft", path=f"{tools.BIN}{os.pathsep}{os.environ['PATH']}")
    if cruft_program:
        write_cookiecutter(cruft, pattern)
        commit(cruft, "1.0.0")
        run(cruft_program, "create", "--no-input", "--output-dir", cruft_project.parent, cruft)

    write_pattern(pattern, 2)
    write_copier(copier, pattern)
    commit(copier, "2.0.0")
    cache = folder / "cache"
    command: tuple[str, ...] = (str(tools.BIN / "blueprint"), "update")
    yield Updater("blueprint", edited(blueprint_project), command, cache, cold=True)
    yield Updater("blueprint, cached", blueprint_project, command, cache)
    command = (str(tools.BIN / "copier"), "update", "--defaults", "--quiet", "--skip-answered")
    yield Updater("copier", edited(copier_project), command, cache)
    if cruft_program:
        write_cookiecutter(cruft, pattern)
        commit(cruft, "2.0.0")
        command = (cruft_program, "update", "--skip-apply-ask")
        yield Updater("cruft", edited(cruft_project), command, cache)


def write_pattern(folder: Path, version: int) -> None:
    """Write the templates of `bench.engine` as a pattern; the second line of each names the version."""
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
        "summary": "Templates only.",
        "version": f"{version}.0.0",
        "layers": [{"from": "files", "to": "src/{{ package }}"}],
        "run": "true",
        "test": "true",
    }
    (folder / "pattern.yaml").write_text(yaml.safe_dump(content))


def write_copier(folder: Path, source: Path) -> None:
    """Write the pattern in `source` as a Copier template with an answers file."""
    templates, context = flattened(source)
    shutil.rmtree(folder / "template", ignore_errors=True)
    tools.copier(folder, [*templates, ANSWERS], context)


def write_cookiecutter(folder: Path, source: Path) -> None:
    """Write the pattern in `source` as a Cookiecutter template, which cruft updates."""
    templates, context = flattened(source)
    shutil.rmtree(folder / "{{ cookiecutter.project }}", ignore_errors=True)
    tools.cookiecutter(folder, templates, context)


def flattened(source: Path) -> tuple[list[Template], dict[str, str]]:
    """The templates of the pattern in `source`, and the names that they use."""
    pattern = find_pattern(f"{source}/")
    templates = [*flatten(pattern, context_of(pattern, check_answers(pattern, PROJECT, {})))]
    return templates, {"project": PROJECT, "package": PROJECT.replace("-", "_")}


def edited(project: Path) -> Path:
    """Append a line to every fifth file of `project` and commit."""
    for path in sorted(project.glob("src/*/module_*.py"))[:: FILES // EDITS]:
        with path.open("a") as file:
            file.write("mine = True\n")
    commit(project, "0.0.1")
    return project


def commit(folder: Path, tag: str) -> None:
    """Commit all files in `folder`, and tag the commit, as some of the tools require."""
    if not (folder / ".git").is_dir():
        run("git", "init", "-q", cwd=folder)
    run("git", "add", "--all", cwd=folder)
    run("git", "commit", "-q", "-m", tag, cwd=folder)
    run("git", "tag", tag, cwd=folder)


def update(updater: Updater, folder: Path) -> tuple[float, dict[str, bytes]]:
    """Update a fresh copy of the project; returns the seconds that it took and the files afterwards."""
    copy = folder / "work" / updater.project.name
    shutil.copytree(updater.project, copy)
    if updater.cold:
        shutil.rmtree(updater.cache, ignore_errors=True)
    started = time.perf_counter()
    run(*updater.command, cwd=copy, cache=updater.cache, variables=updater.variables)
    seconds = time.perf_counter() - started
    files = {str(path.relative_to(copy)): path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    shutil.rmtree(copy)
    return seconds, {path: content for path, content in files.items() if not path.startswith(TOOL_FILES)}


def run(
    *command: str | Path,
    cwd: Path | None = None,
    cache: Path | None = None,
    variables: Mapping[str, str] = NO_VARIABLES,
) -> None:
    """Run a command; exits with its output if it fails."""
    settings = {**environment(), **GIT, **variables}
    settings |= {"XDG_CACHE_HOME": str(cache)} if cache else {}
    done = subprocess.run(
        [*map(str, command)], cwd=cwd, env=settings, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}: {done.stdout}{done.stderr}")


if __name__ == "__main__":
    main()
