"""What `blueprint new` does, step by step."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from blueprint.errors import TargetError, UsageError
from blueprint.patterns import Answers, Pattern, check_answers
from blueprint.project import Action, plan, project_name, read_tree, with_state, write
from blueprint.render import Tree
from blueprint.sources import find_pattern, remembered_source, render

from . import interrupts
from .advice import NO_ADVICE, Advice
from .console import Console
from .given import Given, read_answers, set_options
from .results import Made
from .trusting import consented
from .wizard import ask_name, ask_options, ask_pattern, confirm

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
    trust: str | None = None
    advice: Advice = NO_ADVICE


def make(request: Request, console: Console, *, ask: bool) -> Made:
    """Make the project that `request` asks for, asking for the rest if `ask`. Raises BlueprintError."""
    given = read_answers(request.answers) if request.answers else Given()
    project = project_name(choose_name(request.name or given.project, console, ask=ask))
    target = (request.output or Path(project)).absolute()
    check_target(target, force=request.force)
    source = request.pattern or given.pattern or request.advice.pattern
    if source is None:
        source = ask_pattern(console, DEFAULT_PATTERN) if ask else DEFAULT_PATTERN
    with console.progress("Fetching"):
        pattern = find_pattern(source)
    pattern = consented(pattern, console, request.trust, ask=ask)
    options = {**given.options, **set_options(pattern, request.flags, request.sets)}
    options = {**request.advice.options(pattern, options), **options}
    if ask:
        options = ask_options(console, pattern, options, project)
    answers = check_answers(pattern, project, options)
    source = remembered_source(source)
    made = prepare(pattern, answers, source, target, console, request.advice.documents(pattern.name))
    if request.dry_run:
        return made
    if ask:
        console.result(made)
        confirm(console)
    with console.progress("Writing"):
        write(made.plan.tree(Action.CREATE), target, seal=interrupts.ignore)
    return replace(made, written=True, seen=ask)


def prepare(
    pattern: Pattern, answers: Answers, source: str, target: Path, console: Console, documents: Tree
) -> Made:
    """Render the project and plan its way to disk; nothing is written. Raises BlueprintError.

    `documents` belong to the user from the start: they are no part of what the pattern rendered.
    """
    with console.progress("Rendering"):
        rendering = render(pattern, answers)
        tree = {**with_state(rendering.tree, pattern, answers, source), **documents}
        steps = plan({}, tree, read_tree(target, tree))
    refuse_conflicts(steps.paths(Action.CONFLICT), target)
    return Made(answers, pattern, rendering, steps, target, written=False)


def choose_name(name: str | None, console: Console, *, ask: bool) -> str:
    """The name that was given, or asked for. Raises UsageError."""
    if name:
        return name
    if ask:
        return ask_name(console)
    raise UsageError("the project has no name", hint="Give one: blueprint new my-shop")


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
