"""Questions about a project's name, pattern and options, asked at a terminal."""

import re
import signal
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import structs

from blueprint.errors import AnswersError
from blueprint.patterns import (
    Boolean,
    Choice,
    Interview,
    Option,
    Pattern,
    Text,
    TextList,
    Value,
    check_names,
    check_value,
    describe_values,
    option_exists,
    parse_value,
    start_interview,
)
from blueprint.project import project_name
from blueprint.sources import find_pattern, list_patterns

from .console import parse_yes_no
from .inputs import default_of
from .interrupts import Interrupted
from .question import Question
from .user_defaults import NO_DEFAULTS, UserDefaults

if TYPE_CHECKING:
    from .dialog import Dialog

NOT_SURE = "not-sure"
"""Answer to the question about the pattern: the user wants a recommendation."""

OTHER = "other"
"""Answer to the question about the pattern: one that is not in the list."""

_WORD = re.compile(r"[a-z][a-z0-9_]*")


def ask_name(dialog: "Dialog", check: Callable[[str], object]) -> str:
    """Ask for the name of the project, until it is one that passes the `check`."""
    text = "Project name (for example, my-shop)"
    parse = partial(_checked_name, check)
    return dialog.ask("project", Question(text=text, parse=parse, default="", required=True))


def ask_pattern(dialog: "Dialog", default: str, *, advise: bool = False) -> str:
    """Ask for a pattern, which can be NOT_SURE if `advise`.

    With fewer than two patterns, return `default` without a question.
    """
    patterns, _ = list_patterns()
    if len(patterns) < 2:
        return default
    choices = {pattern.name: pattern.summary for pattern in patterns}
    if advise:
        choices[NOT_SURE] = "Answer questions about traffic, data and your team, and get a recommendation."
    choices[OTHER] = "Name a folder, a zip file or a Git URL."
    text = "Which pattern should the project use?"
    parse = partial(_chosen_pattern, [*choices])
    chosen = dialog.ask("pattern", Question(text=text, parse=parse, default=default, choices=choices))
    if chosen != OTHER:
        return chosen
    where = "Where is the pattern? (a folder, a zip file or a Git URL)"
    return dialog.ask("source", Question(text=where, parse=_existing_pattern, default="", required=True))


def ask_options(
    dialog: "Dialog",
    pattern: Pattern,
    given: Mapping[str, Any],
    project: str = "",
    defaults: UserDefaults = NO_DEFAULTS,
) -> dict[str, Value]:
    """Return the `given` answers, and ask for each other option that exists and is marked for asking.

    The `defaults` of the user are offered instead of those of the pattern. Raises AnswersError if a given
    answer is not valid.
    """
    check_names(pattern, given)
    interview = start_interview(pattern, project or pattern.name)
    options: dict[str, Value] = dict(given)
    dialog.expect(sum(_may_be_asked(pattern, name, given) for name in pattern.options))
    for name in pattern.options:
        option = interview.option(name)
        if option is None:
            continue
        if name in defaults.values:
            option = structs.replace(option, default=default_of(defaults, name, option))
        if name not in given and _is_asked(option):
            question = _question(name, option, defaults)
            options[name] = _ask(dialog, interview, f"{pattern.name}.{name}", name, option, question)
            continue
        value = check_value(name, option, given.get(name, option.default))
        interview.answer(name, value)
    return options


def confirm(dialog: "Dialog", question: str) -> None:
    """Ask whether to go on. Raises Interrupted if the answer is no."""
    dialog.console.line()
    if not dialog.confirm(question):
        raise Interrupted(signal.SIGINT)


def _is_asked(option: Option) -> bool:
    return option.ask == "always" or option.required


def _may_be_asked(pattern: Pattern, name: str, given: Mapping[str, Any]) -> bool:
    """Return whether a question may follow, as far as it does not depend on answers that are yet to come."""
    option = pattern.options[name]
    if name in given or not _is_asked(option):
        return False
    if not option.when or pattern.origin.kind != "native":
        return True
    others = {word: pattern.options[word] for word in _WORD.findall(option.when) if word in pattern.options}
    if any(word not in given and _is_asked(other) for word, other in others.items()):
        return True
    return option_exists(pattern, name, {word: given.get(word, others[word].default) for word in others})


def _ask(
    dialog: "Dialog", interview: Interview, key: str, name: str, option: Option, question: Question[Value]
) -> Value:
    """Ask until the pattern accepts the answer: its validator can reject even the default."""
    while True:
        value = dialog.ask(key, question)
        try:
            # An answer that was kept may be that of another version of the pattern.
            interview.answer(name, check_value(name, option, value))
        except AnswersError as error:
            dialog.console.reject(error)
            dialog.reject(key)
        else:
            return value


def _question(name: str, option: Option, defaults: UserDefaults) -> Question[Value]:
    first, *rest = _sentences(option.help) or [""]
    own = name in defaults.values
    return Question(
        text=option.question,
        parse=partial(_parse, name, option),
        default=option.default,
        help=[line for line in (first, *_form(option), defaults.note * own) if line],
        more=rest and [option.help],
        choices=_choices(option),
        required=option.required and not own,
        hidden=option.secret,
    )


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s+", text.strip()) if text.strip() else []


def _choices(option: Option) -> Mapping[str, str]:
    if isinstance(option, Choice):
        return option.choices
    return {"yes": "", "no": ""} if isinstance(option, Boolean) else {}


def _form(option: Option) -> Iterator[str]:
    """Yield what an answer looks like, where choices do not show it."""
    if isinstance(option, TextList) and option.choices:
        yield from (f"{value}: {text}" for value, text in option.choices.items())
    if isinstance(option, Text) and option.placeholder:
        yield f"(for example, {option.placeholder})"
    obvious = isinstance(option, Choice | Boolean) or (isinstance(option, Text) and option.multiline)
    if not obvious:
        yield f"({describe_values(option)})"


def _checked_name(check: Callable[[str], object], text: str) -> str:
    name = project_name(text)
    check(name)
    return name


def _chosen_pattern(names: list[str], text: str) -> str:
    return text if text in names else _existing_pattern(text)


def _existing_pattern(text: str) -> str:
    find_pattern(text)
    return text


def _parse(name: str, option: Option, text: str) -> Value:
    if isinstance(option, Boolean):
        return parse_yes_no(text)
    return check_value(name, option, parse_value(name, option, text))
