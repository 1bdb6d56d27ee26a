"""Shell completion of the values of arguments and options."""

import os
from collections.abc import Callable, MutableMapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from .console import format_value

if TYPE_CHECKING:
    from blueprint.patterns import Option, Pattern

Candidates = list[str | tuple[str, str]]
"""Values that the shell offers, some with an explanation."""

_SETTING = "_BLUEPRINT_SETTING"
"""Variable for the name in NAME=VALUE, where the shell completes only the value."""


def rejoin_words(environment: MutableMapping[str, str]) -> None:
    """Rewrite the words of the command line that bash wants completed.

    Bash splits words at equals signs and replaces only the part after the last one. So `--set cache=re`
    arrives as four words, of which the shell completes `re`.
    """
    index = int(environment["COMP_CWORD"])
    words = environment["COMP_WORDS"].split("\n")[: index + 1]
    joined: list[str] = []
    for word in words:
        after = joined and joined[-1].endswith("=") and word and not word.startswith("-")
        if joined and (word == "=" or after):
            joined[-1] += word
        else:
            joined.append(word)
    name, equals, value = joined[-1].partition("=")
    if equals and not name.startswith("-") and joined[-1] != words[-1]:
        environment[_SETTING] = name
        joined[-1] = value
    environment["COMP_WORDS"], environment["COMP_CWORD"] = "\n".join(joined), str(len(joined) - 1)


def complete_pattern(incomplete: str) -> Candidates:
    """Return the built-in and added patterns that begin with `incomplete`."""
    from blueprint.patterns import pattern_names
    from blueprint.sources.user_patterns import added_patterns

    return [name for name in (*pattern_names(), *added_patterns()) if name.startswith(incomplete)]


def complete_choice(option: str) -> Callable[[str], Candidates]:
    """Return a completer for the values of `option` in the built-in patterns."""

    def complete(incomplete: str) -> Candidates:
        from blueprint.patterns import Choice, list_patterns

        options = (pattern.options.get(option) for pattern in list_patterns())
        values = {value for found in options if isinstance(found, Choice) for value in found.choices}
        return sorted(value for value in values if value.startswith(incomplete))

    return complete


def complete_input(name: str) -> Callable[[str], Candidates]:
    """Return a completer for the values of the input `name` of a recommendation."""

    def complete(incomplete: str) -> Candidates:
        from blueprint.needs.inputs import inputs

        return [value for value in inputs()[name].choices if value.startswith(incomplete)]

    return complete


def complete_preset(incomplete: str) -> Candidates:
    """Return the presets that begin with `incomplete`."""
    from blueprint.needs.presets import PRESETS

    return [name for name in PRESETS if name.startswith(incomplete)]


def complete_setting(context: typer.Context, incomplete: str) -> Candidates:
    """Return what can follow --set for a new project: options of its pattern, or the values of one."""
    return _settings(_local_patterns(context.params.get("pattern") or "monolith"), incomplete)


def complete_project_setting(context: typer.Context, incomplete: str) -> Candidates:
    """Return what can follow --set for a project: options of its patterns, or the values of one."""
    # The parser stops at --set, which has no value yet, so the project is still among what is left.
    return _settings(_patterns_of(Path(*context.args[:1])), incomplete)


def complete_item(incomplete: str) -> Candidates:
    """Return the kinds of items that can be added to the project in the working folder."""
    from blueprint.patterns import TextList

    options = [option for pattern in _patterns_of(Path()) for option in pattern.options.values()]
    items = {option.item for option in options if isinstance(option, TextList) and option.item}
    return sorted(item for item in items if item.startswith(incomplete))


def complete_context(incomplete: str) -> Candidates:
    """Return the contexts of the project in the working folder, if its pattern groups them."""
    return [name for group in _groups() for name in group if name.startswith(incomplete)]


def complete_deployable(incomplete: str) -> Candidates:
    """Return the deployables of the project in the working folder, if its pattern groups contexts."""
    return [name for name, *_ in _groups() if name.startswith(incomplete)]


def _groups() -> list[list[str]]:
    from blueprint.errors import BlueprintError
    from blueprint.project.load import find_project, load_templates

    try:
        projects = load_templates(find_project(Path())).values()
    except BlueprintError:
        return []
    answers: list[Any] = [project.options.get("deployables", []) for project in projects]
    return [group for groups in answers for group in groups]


def _patterns_of(folder: Path) -> "list[Pattern]":
    """Return the patterns of the project that contains `folder`, as far as they are on this machine."""
    from blueprint.errors import BlueprintError
    from blueprint.project.load import find_project, load_templates
    from blueprint.project.origin import resolve_source_path

    try:
        project = find_project(folder)
        sources = [resolve_source_path(project, each.source) for each in load_templates(project).values()]
    except BlueprintError:
        return []
    return [pattern for source in sources for pattern in _local_patterns(source)]


def _local_patterns(source: str) -> "list[Pattern]":
    """Return the pattern at `source`; none if it is invalid or would have to be fetched, which takes time."""
    from blueprint.errors import BlueprintError
    from blueprint.patterns import pattern_names
    from blueprint.sources import find_pattern, remembered_source
    from blueprint.sources.locations import is_path

    try:
        source = remembered_source(source)
        return [find_pattern(source)] if source in pattern_names() or is_path(source) else []
    except BlueprintError:
        return []


def _settings(patterns: "Sequence[Pattern]", incomplete: str) -> Candidates:
    """Return NAME= for each option that begins with `incomplete`, or NAME=VALUE if there is only one.

    So the shell completes up to the equals sign, and adds no space after it.
    """
    options = {name: option for pattern in patterns for name, option in pattern.options.items()}
    if only_values := os.environ.get(_SETTING):
        return [value for value in _values(options.get(only_values)) if value.startswith(incomplete)]
    name, equals, value = incomplete.partition("=")
    if equals:
        return [f"{name}={each}" for each in _values(options.get(name)) if each.startswith(value)]
    found = [each for each in options if each.startswith(name)]
    if len(found) == 1:
        return [f"{found[0]}={each}" for each in ("", *_values(options[found[0]]))]
    return [(f"{each}=", options[each].question) for each in found]


def _values(option: "Option | None") -> list[str]:
    """Return the values of an option: all if they can be listed, or else its default."""
    from blueprint.patterns import Boolean, Choice

    if isinstance(option, Boolean):
        return ["yes", "no"]
    if isinstance(option, Choice):
        return [*option.choices]
    return [format_value(option.default)] if option and not option.secret else []
