"""Steps of `blueprint new --into`: an update of a project from nothing to the files of a template."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from blueprint.errors import UsageError
from blueprint.patterns.answers import PACKAGE
from blueprint.project.apply.journal import update_lock
from blueprint.project.load import Project, find_project, load_templates
from blueprint.project.merge.outcome import FileChange
from blueprint.project.naming import with_package_option
from blueprint.project.state import MAIN
from blueprint.project.templates import PreparedUpdates, check_template_name, prepare_updates, template_to_add
from blueprint.project.update import shared_files
from blueprint.sources import opening_message

from ...console import Console
from ...dialog import Dialog
from ...inputs import AnswersFile, read_answers_file
from ...update.files import needs_you
from ...update.flow import apply_updates, finish_earlier, finished_updates, warn_if_dirty
from ...update.result import UpdatesResult
from ...wizard import ask_pattern, confirm
from ..flow import DEFAULT_PATTERN, NewRequest, choose_answers, fetch_pattern, named_pattern
from .result import IntoResult


def run_into(request: NewRequest, console: Console, *, ask: bool) -> IntoResult | UpdatesResult:
    """Add the pattern of `request` to a project, after finishing an interrupted update.

    If that left conflicts, or was this very command, nothing else is changed. Raises BlueprintError.
    """
    folder = find_project(_project_folder(request))
    with update_lock(folder):
        earlier = finish_earlier(folder, dry_run=request.dry_run)
        templates = load_templates(folder)
        if needs_you(earlier):
            return finished_updates(templates, earlier)
        return _add(templates, request, console, earlier, ask=ask)


def _project_folder(request: NewRequest) -> Path:
    """Return the folder named by --into. Raises UsageError for parameters that only a new project has."""
    if request.into is None:
        raise UsageError("--template is only for --into", hint="Name the project with --into PROJECT.")
    only_new = {
        "NAME": request.name,
        "--output": request.output,
        "--needs": request.advice,
        "--force": request.force,
        "--show": request.show,
        "--diff": request.diff,
    }
    given = [parameter for parameter, value in only_new.items() if value]
    if given:
        raise UsageError(
            f"{given[0]} is for a new project, and --into names an existing one",
            hint=f"Omit {given[0]}, or omit --into.",
        )
    return request.into


def _add(
    templates: Mapping[str, Project],
    request: NewRequest,
    console: Console,
    earlier: list[FileChange],
    *,
    ask: bool,
) -> IntoResult | UpdatesResult:
    main = templates[MAIN]
    given = read_answers_file(request.answers) if request.answers else AnswersFile()
    source = named_pattern(request, given)
    if source is None and not ask:
        raise UsageError("no pattern was given", hint="Name the pattern to add with --pattern PATTERN.")
    source = source or Dialog(console).run(partial(ask_pattern, default=DEFAULT_PATTERN))
    fetched, source = fetch_pattern(source, main.folder, request, console, ask=ask)
    pattern = with_package_option(fetched, main.name, main.options.get(PACKAGE))
    name = request.template or pattern.name
    if earlier and name in templates and templates[name].source == source:
        return finished_updates(templates, earlier)
    check_template_name(templates, name)
    opening = opening_message(pattern, main.name, updating=False)
    console.message(opening)
    choose = partial(choose_answers, pattern, main.name, given, request)
    answers = Dialog(console).run(choose) if ask else choose(None)
    wanted = template_to_add(main, name, pattern, answers, source)
    with console.progress("Rendering"):
        prepared = prepare_updates([wanted], templates)
    result = _result(prepared, templates)
    result = replace(
        result,
        opening=opening,
        dirty=warn_if_dirty(main.folder, console, dry_run=request.dry_run),
        finished=finished_updates(templates, earlier) if earlier else None,
    )
    if request.dry_run:
        return result
    if ask:
        console.result(result)
        confirm(Dialog(console), "Add this template?")
    elif result.in_use:
        console.warning(
            "the project has other content in these files, which will show both versions between conflict "
            f"markers: {', '.join(result.in_use)}"
        )
    with console.progress("Writing"):
        changes = apply_updates(main.folder, prepared, dry_run=False)
    return replace(result, changes=tuple(changes), written=True, seen=ask)


def _result(prepared: PreparedUpdates, templates: Mapping[str, Project]) -> IntoResult:
    (update,) = prepared.updates
    trees = {name: template.base for name, template in templates.items()}
    return IntoResult(
        update.wanted, update.rendering, update.changes, shared_files(update.rendering.tree, trees)
    )
