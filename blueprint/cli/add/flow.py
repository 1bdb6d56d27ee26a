"""Steps of `blueprint add`: an update that appends one item to a list among the answers."""

from blueprint.errors import AnswersError
from blueprint.patterns import Answers, Pattern, TextList, check_answers, is_item_name
from blueprint.patterns.options import MAX_ITEM_NAME
from blueprint.project.load import Project
from blueprint.project.update import carried_options, check_current
from blueprint.suggest import did_you_mean

from ..console import Console
from ..update.flow import UpdateRequest, change_project
from ..update.result import UpdatesResult


def run_add(request: UpdateRequest, console: Console, kind: str, name: str) -> UpdatesResult:
    """Add an item of kind `kind`, such as a service, to the project of `request`. Raises BlueprintError."""

    def choose(project: Project, pattern: Pattern) -> Answers:
        option, definition = find_list(pattern, kind)
        before = project.options.get(option)
        items = before if isinstance(before, list) else definition.default
        extended = [*items, new_item(name.replace("-", "_"), definition, items)]
        check_current(project, pattern)
        return check_answers(pattern, project.name, carried_options(project, pattern, {option: extended}))

    return change_project(request, console, choose)


def find_list(pattern: Pattern, kind: str) -> tuple[str, TextList]:
    """Return the name and definition of the list option whose items are of `kind`. Raises AnswersError."""
    lists = {
        option.item: (name, option)
        for name, option in pattern.options.items()
        if isinstance(option, TextList) and option.item
    }
    if kind not in lists:
        raise AnswersError(
            f"cannot add a {kind!r} to a {pattern.name} project{did_you_mean(kind, lists)}",
            hint=f"You can add: {', '.join(lists)}." if lists else "This pattern has nothing to add.",
        )
    return lists[kind]


def new_item(name: str, definition: TextList, items: list[str]) -> str:
    """Return `name` if it is valid and not yet in `items`. Raises AnswersError."""
    if name in items or name in definition.reserved:
        raise AnswersError(
            f"the project already has a {definition.item} named {name}", hint="Choose another name."
        )
    if not is_item_name(name):
        raise AnswersError(
            f"{name!r} cannot be the name of a {definition.item}",
            hint=f"Use up to {MAX_ITEM_NAME} lowercase letters, digits and underscores, as in gift_cards.",
        )
    return name
