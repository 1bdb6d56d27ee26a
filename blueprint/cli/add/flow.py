"""What `blueprint add` does: an update of the same pattern with one item more on a list of the answers."""

from blueprint.errors import AnswersError
from blueprint.patterns import Answers, Pattern, TextList, check_answers, describe_values, is_item_name
from blueprint.project.load import Project
from blueprint.project.update import carried_options, check_current
from blueprint.suggest import did_you_mean

from ..console import Console
from ..update.flow import UpdateRequest, change_project
from ..update.result import UpdateResult


def run_add(request: UpdateRequest, console: Console, thing: str, name: str) -> UpdateResult:
    """Add a `thing` called `name` to the project of `request`. Raises BlueprintError."""

    def decide(project: Project, pattern: Pattern) -> Answers:
        option, definition = find_list(pattern, thing)
        before = project.options.get(option)
        items = before if isinstance(before, list) else definition.default
        longer = [*items, new_item(name.replace("-", "_"), option, definition, items)]
        check_current(project, pattern)
        return check_answers(pattern, project.name, carried_options(project, pattern, {option: longer}))

    return change_project(request, console, decide)


def find_list(pattern: Pattern, thing: str) -> tuple[str, TextList]:
    """The option of `pattern` that is a list of `thing`. Raises AnswersError."""
    lists = {
        option.item: (name, option)
        for name, option in pattern.options.items()
        if isinstance(option, TextList) and option.item
    }
    if thing not in lists:
        raise AnswersError(
            f"nothing called {thing!r} can be added to a project of {pattern.name}"
            f"{did_you_mean(thing, lists)}",
            hint=f"What can be added to it: {', '.join(lists) or 'nothing'}.",
        )
    return lists[thing]


def new_item(name: str, option: str, definition: TextList, items: list[str]) -> str:
    """`name` if it can be one more of `items`. Raises AnswersError."""
    if name in items or name in definition.reserved:
        raise AnswersError(
            f"the project has a {definition.item} called {name} already", hint="Choose another name."
        )
    if not is_item_name(name):
        raise AnswersError(
            f"{name!r} cannot be the name of a {definition.item}",
            hint=f"{option} is {describe_values(definition)}.",
        )
    return name
