"""What `blueprint promote` and `blueprint merge` share: an update of the groups of contexts."""

from collections.abc import Callable
from typing import Any

from blueprint.errors import AnswersError
from blueprint.patterns import Answers, Pattern, check_answers
from blueprint.project.load import Project
from blueprint.project.origin import find_update_source
from blueprint.project.update import carried_options, check_current
from blueprint.suggest import did_you_mean

from .console import Console
from .update.flow import UpdateRequest, change_project
from .update.result import UpdatesResult

OPTION = "deployables"
PREVIOUS = "previous_deployables"
"""Option for the groups before, from which a pattern writes how to move the data."""
WAS_MONOLITH = "was_monolith"
"""Option of the pattern that a monolith continues with: whether these groups were one program."""
PAGE = "docs/moving-data.md"
"""Page about moving the data, which a project has while some of its data may have to move."""
SUCCESSORS = {"monolith": "microservices"}
"""Patterns with groups, by the name of the pattern that a project has until its first context leaves it."""

Groups = list[list[str]]


def change_groups(
    request: UpdateRequest, console: Console, regroup: Callable[[Groups], Groups]
) -> UpdatesResult:
    """Update the project of `request` to the groups that `regroup` returns. Raises BlueprintError."""

    def choose(project: Project, pattern: Pattern) -> Answers:
        splits_monolith = pattern.name != project.pattern
        check_current(project, find_update_source(project)[0] if splits_monolith else pattern)
        given = check_answers(pattern, project.name, carried_options(project, pattern, {})).options
        if OPTION not in given:
            raise AnswersError(
                f"the pattern {pattern.name} does not group contexts",
                hint="Shops of microservices and event-driven have groups; see `blueprint new --help`.",
            )
        groups: Any = given[OPTION]
        if splits_monolith:
            _check_contexts(project)
            groups = [[name for group in groups for name in group]]
        regrouped = regroup(groups)
        if PAGE in project.base:
            raise AnswersError(
                "the data of the last change of the groups may not have moved yet",
                hint=f"Follow {PAGE} to its end, which is `blueprint update --set '{PREVIOUS}=[]'`.",
            )
        changed: dict[str, Any] = {
            OPTION: regrouped,
            PREVIOUS: groups,
            WAS_MONOLITH: splits_monolith,
        }
        known = {name: value for name, value in changed.items() if name in pattern.options}
        return check_answers(pattern, project.name, carried_options(project, pattern, known))

    return change_project(request, console, choose)


def _check_contexts(project: Project) -> None:
    """Raise AnswersError if the monolith has code or data that would not get to the services."""
    hint = "Use microservices for a new shop; see `blueprint new --help`."
    for name in ("content", "extra_contexts"):
        if project.options.get(name):
            raise AnswersError(f"a monolith with the option {name} cannot be split", hint=hint)


def promoted(groups: Groups, context: str) -> Groups:
    """Return the groups with `context` alone in one. Raises AnswersError."""
    names = [name for group in groups for name in group]
    if context not in names:
        raise AnswersError(
            f"there is no context {context}{did_you_mean(context, names)}",
            hint=f"The contexts are {', '.join(names)}.",
        )
    if [context] in groups:
        raise AnswersError(
            f"{context} is a deployable already", hint="To join it with another one, run `blueprint merge`."
        )
    return [*([name for name in group if name != context] for group in groups), [context]]


def merged(groups: Groups, deployable: str, into: str) -> Groups:
    """Return the groups with the contexts of `deployable` in the group named `into`. Raises AnswersError."""
    by_name = {group[0]: group for group in groups}
    for name in (deployable, into):
        if name not in by_name:
            raise AnswersError(
                f"there is no deployable {name}{did_you_mean(name, by_name)}",
                hint=f"The deployables are {', '.join(by_name)}; each has the name of its first context.",
            )
    if deployable == into:
        raise AnswersError(f"{into} cannot be merged into itself", hint="Choose another deployable.")
    return [
        group + by_name[deployable] if name == into else group
        for name, group in by_name.items()
        if name != deployable
    ]
