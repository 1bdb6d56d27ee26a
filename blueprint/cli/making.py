"""What `blueprint new` does, step by step."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from blueprint.errors import TargetError, UsageError
from blueprint.patterns import check_answers, find_pattern
from blueprint.project import Action, plan, project_name, read_tree, with_state, write
from blueprint.render import render

from . import interrupts
from .console import Console
from .given import Given, read_answers, set_options
from .results import Made

DEFAULT_PATTERN = "monolith"


@dataclass(frozen=True)
class Request:
    """What the command line asks for."""

    name: str | None
    pattern: str | None
    flags: Mapping[str, str | bool]
    sets: tuple[str, ...]
    answers: Path | None
    output: Path | None
    dry_run: bool
    force: bool


def make(request: Request, console: Console, *, ask: bool) -> Made:
    """Make the project that `request` asks for, asking for the rest if `ask`. Raises BlueprintError."""
    given = read_answers(request.answers) if request.answers else Given()
    source = request.pattern or given.pattern or DEFAULT_PATTERN
    pattern = find_pattern(source)
    options = {**given.options, **set_options(pattern, request.flags, request.sets)}
    name = request.name or given.project
    if not name:
        raise UsageError("the project has no name", hint="Give one: blueprint new my-shop")
    project = project_name(name)
    target = (request.output or Path(project)).absolute()
    check_target(target, force=request.force)
    answers = check_answers(pattern, project, options)
    with console.progress("Rendering"):
        rendering = render(pattern, answers)
        tree = with_state(rendering.tree, pattern, answers, source)
        steps = plan({}, tree, read_tree(target, tree))
    refuse_conflicts(steps.paths(Action.CONFLICT), target)
    if not request.dry_run:
        with console.progress("Writing"):
            write(steps.tree(Action.CREATE), target, seal=interrupts.ignore)
    return Made(answers, pattern, rendering, steps, target, written=not request.dry_run)


def check_target(target: Path, *, force: bool) -> None:
    """Refuse a target that is no folder, or one with something in it unless `force`. Raises TargetError."""
    if not target.exists():
        return
    if not target.is_dir():
        raise TargetError(f"{target} is not a folder", hint="Choose another with --output.")
    if not force and any(target.iterdir()):
        raise TargetError(
            f"{target} is not empty",
            hint="Choose another folder with --output, or add to this one with --force.",
        )


def refuse_conflicts(paths: list[str], target: Path) -> None:
    """Refuse to change what is there. Raises TargetError."""
    if paths:
        raise TargetError(
            f"{target} has other files with these names: {', '.join(paths)}",
            hint="blueprint changes no file that it did not make. Move them away, or choose another folder.",
        )
