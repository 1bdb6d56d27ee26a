"""Steps of `blueprint new`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from blueprint.errors import TargetError, UsageError
from blueprint.patterns import Answers, Pattern, Requirement, check_answers
from blueprint.project import Action, plan_write, project_name, read_tree, with_state, write
from blueprint.project.git import (
    can_start_repository,
    exposed_secrets,
    ignored_by_repository,
    start_repository,
)
from blueprint.project.naming import check_letters, with_package_option
from blueprint.project.state import MAIN, state_files
from blueprint.render import Tree
from blueprint.render.paths import STATE
from blueprint.sources import find_pattern, opening_message, remembered_source, render, runs_code

from .. import interrupts
from ..console import Console
from ..inputs import (
    AnswersFile,
    default_of,
    misspelled_defaults,
    option_defaults,
    options_from_flags,
    read_answers_file,
)
from ..wizard import NOT_SURE, ask_name, ask_options, ask_pattern, confirm
from .result import NewResult

if TYPE_CHECKING:
    from ..advice import ProjectAdvice
    from ..dialog import Dialog

DEFAULT_PATTERN = "monolith"


@dataclass(frozen=True)
class NewRequest:
    """Parameters of `blueprint new`.

    `into` is an existing project that gets the pattern as a further template, named `template`. A dry run can
    `show` one file, or the `diff` from a folder that exists to the project.
    """

    name: str | None
    pattern: str | None
    flags: Mapping[str, str | bool]
    sets: tuple[str, ...]
    answers: Path | None
    output: Path | None
    git: bool
    dry_run: bool
    force: bool
    trust: str | None = None
    advice: "ProjectAdvice | None" = None
    into: Path | None = None
    template: str | None = None
    show: str | None = None
    diff: bool = False


def run_new(request: NewRequest, console: Console, *, ask: bool) -> NewResult:
    """Create a project from `request`, asking for missing answers if `ask`. Raises BlueprintError."""
    check_dry_run(request)
    plan = partial(plan_new, request, console)
    if ask:
        from ..dialog import Dialog

        result = Dialog(console, "new").run(plan)
    else:
        result = plan(None)
    return result if request.dry_run else create_project(result, console, seen=ask)


def create_project(planned: NewResult, console: Console, *, seen: bool) -> NewResult:
    """Write a planned project; `seen` says whether the user has seen the plan. Raises BlueprintError."""
    with console.progress("Writing"):
        write(planned.plan.tree(Action.CREATE), planned.target, before_commit=interrupts.ignore)
        message = f"Create {planned.answers.project} with blueprint"
        tracked = state_files(MAIN).tracked
        committed = planned.git and start_repository(planned.target, message, tracked, planned.exposed)
        ignored = ignored_by_repository(planned.target, tracked)
    return replace(planned, written=True, seen=seen, committed=committed, ignored=tuple(ignored))


def plan_new(request: NewRequest, console: Console, dialog: "Dialog | None") -> NewResult:
    """Plan a project from `request` without writing it, after the user agrees. Raises BlueprintError."""
    given = read_answers_file(request.answers) if request.answers else AnswersFile()
    check = partial(_check_name, request)
    project = project_name(choose_name(request.name or given.project, dialog, check), unicode=True)
    target = check(project)
    advice = request.advice
    source = named_pattern(request, given) or (advice.pattern if advice else None)
    if source is None:
        source = ask_pattern(dialog, DEFAULT_PATTERN, advise=True) if dialog else DEFAULT_PATTERN
    if dialog and source == NOT_SURE:
        advice = _recommend(dialog)
        source = advice.pattern
    pattern, source = fetch_pattern(source, target, request, console, ask=dialog is not None)
    check_letters(project, pattern)
    pattern = with_package_option(pattern, project)
    opening = opening_message(pattern, project, updating=False)
    console.message(opening)
    warnings = [*misspelled_defaults(pattern)]
    advised = replace(request, advice=advice)
    answers = choose_answers(pattern, project, given, advised, dialog, warnings.append)
    missing = _missing_programs(pattern, answers, console)
    documents = advice.documents(pattern.name, answers.options) if advice else {}
    result = plan_project(pattern, answers, source, target, console, documents)
    result = replace(
        result,
        git=request.git and can_start_repository(target),
        opening=opening,
        missing=missing,
        warnings=tuple(warnings),
    )
    if not request.diff:
        refuse_conflicts(result.plan.paths(Action.CONFLICT), target)
    if request.show or request.diff:
        from .dry_run import with_details

        return with_details(result, request.show, diff=request.diff)
    if dialog and not request.dry_run:
        console.line()
        console.result(result)
        confirm(dialog, "Create this project?")
    return result


def _missing_programs(pattern: Pattern, answers: Answers, console: Console) -> tuple[str, ...]:
    """Say what the project needs and this machine does not have, and return it. Raises PatternError."""
    needed = [each.jdk for each in pattern.requires if _is_needed(each, pattern, answers)]
    if not needed:
        return ()
    from .jdk import find_jdk

    missing = tuple(
        f"The project needs a JDK {version} or newer. Install one, or set JAVA_HOME to it."
        for version in needed
        if find_jdk(version) is None
    )
    for sentence in missing:
        console.message(sentence)
    return missing


def _is_needed(requirement: Requirement, pattern: Pattern, answers: Answers) -> bool:
    from blueprint.templating import condition_is_true

    when = requirement.when
    return when is None or condition_is_true(when, answers.options, f"{pattern.folder}: requires ({when})")


def _recommend(dialog: "Dialog") -> "ProjectAdvice":
    """Ask for the needs, and return the recommendation."""
    from blueprint.needs.answers import overlay

    from ..advice import advice_for
    from ..recommend.interview import ask_needs
    from ..recommend.result import RecommendResult
    from ..user_defaults import needs_defaults

    defaults = needs_defaults()
    needs = overlay(defaults.values, ask_needs(dialog, {}, defaults))
    advice = advice_for(needs)
    if dialog.is_news(needs):
        dialog.console.line()
        dialog.console.result(RecommendResult(advice.recommendation, explain=False, written=()))
    return advice


def named_pattern(request: NewRequest, given: AnswersFile) -> str | None:
    """Return the pattern that the command line or the answers file names.

    In the answers file of a project, a path is relative to that project.
    """
    parents = request.answers.absolute().parents if request.answers else ()
    state = next((folder for folder in parents if folder.name == STATE), None)
    if request.pattern or given.pattern is None or state is None:
        return request.pattern or given.pattern
    from blueprint.project.origin import working_folder_source

    return working_folder_source(state.parent, given.pattern)


def fetch_pattern(
    source: str, target: Path, request: NewRequest, console: Console, *, ask: bool
) -> tuple[Pattern, str]:
    """Find the pattern that `source` names, and return it with the source to remember in `target`.

    Its code is trusted by the user. Raises BlueprintError.
    """
    with console.progress("Fetching"):
        pattern = find_pattern(source)
    if runs_code(pattern, updating=False):
        from ..trust import ensure_trusted

        pattern = ensure_trusted(pattern, console, request.trust, ask=ask)
    source = remembered_source(source)
    if pattern.origin.type in ("folder", "zip"):
        from blueprint.project.origin import project_relative_source

        source = project_relative_source(target, source)
    return pattern, source


def choose_answers(
    pattern: Pattern,
    project: str,
    given: AnswersFile,
    request: NewRequest,
    dialog: "Dialog | None",
    warn: Callable[[str], None] = lambda _: None,
) -> Answers:
    """Combine the answers of `request` and the answers file `given`, and ask for others in a `dialog`.

    What is left gets the user's default, or that of the pattern. `warn` is called for each recommended value
    that the pattern does not have. Raises BlueprintError.
    """
    options = {**given.options, **options_from_flags(pattern, request.flags, request.sets)}
    defaults = option_defaults(pattern, options)
    if request.advice:
        own = {**defaults.values, **options}
        advised = request.advice.options(pattern, own, warn)
        options = {name: value for name, value in advised.items() if name not in own} | options
        if (stack := pattern.options.get("stack")) is not None:
            # The sizes are those of one stack, so it is not asked.
            options.setdefault("stack", defaults.values.get("stack", stack.default))
    if dialog:
        options = ask_options(dialog, pattern, options, project, defaults)
    return check_answers(pattern, project, options, partial(default_of, defaults))


def plan_project(
    pattern: Pattern, answers: Answers, source: str, target: Path, console: Console, documents: Tree
) -> NewResult:
    """Render the project and plan which files to write, without writing any. Raises BlueprintError.

    `documents` are files outside the pattern: they belong to the user, and no update changes them.
    """
    with console.progress("Rendering"):
        rendering = render(pattern, answers)
        tree = {**with_state(rendering.tree, pattern, answers, source), **documents}
        write_plan = plan_write({}, tree, read_tree(target, tree))
    exposed = tuple(exposed_secrets(tree))
    return NewResult(answers, pattern, rendering, write_plan, target, written=False, exposed=exposed)


def check_dry_run(request: NewRequest) -> None:
    """Refuse parameters that only a dry run has. Raises UsageError."""
    for flag, given in (("--show", request.show), ("--diff", request.diff)):
        if given and not request.dry_run:
            raise UsageError(f"{flag} is only for a dry run", hint="Add --dry-run, and nothing is written.")


def choose_name(name: str | None, dialog: "Dialog | None", check: Callable[[str], object]) -> str:
    """Return `name`, or ask for one that passes the `check`. Raises UsageError without a name."""
    if name:
        return name
    if dialog:
        return ask_name(dialog, check)
    raise UsageError("the project has no name", hint="Add a name, for example: blueprint new my-shop")


def _check_name(request: NewRequest, project: str) -> Path:
    """Return the folder for a project of this name. Raises TargetError if it cannot be used."""
    target = (request.output or Path(project)).absolute()
    check_target(target, force=request.force or request.diff)
    return target


def check_target(target: Path, *, force: bool) -> None:
    """Refuse a target that is not a folder, or not empty unless `force`. Raises TargetError."""
    if not target.exists():
        return
    if not target.is_dir():
        raise TargetError(f"{target} is not a folder", hint="Choose a folder with --output.")
    if not force and any(target.iterdir()):
        raise TargetError(
            f"{target} is not empty",
            hint="Choose another folder with --output, or add files to this one with --force.",
        )


def refuse_conflicts(paths: list[str], target: Path) -> None:
    """Refuse to overwrite the existing files at `paths`. Raises TargetError."""
    if paths:
        raise TargetError(
            f"{target} already has different files with these names: {', '.join(paths)}",
            hint="blueprint does not overwrite them: move them, or choose another folder with --output.",
        )
