"""What the shell can complete on the command line of `new`."""

from collections.abc import Callable


def complete_pattern(incomplete: str) -> list[str]:
    """The patterns of blueprint and of the user that begin with `incomplete`."""
    from blueprint.patterns import pattern_names
    from blueprint.sources.user_patterns import added_patterns

    return [name for name in (*pattern_names(), *added_patterns()) if name.startswith(incomplete)]


def complete_choice(option: str) -> Callable[[str], list[str]]:
    """A completer for the values that `option` has in the built-in patterns."""

    def complete(incomplete: str) -> list[str]:
        from blueprint.patterns import Choice, list_patterns

        options = (pattern.options.get(option) for pattern in list_patterns())
        values = {value for found in options if isinstance(found, Choice) for value in found.choices}
        return sorted(value for value in values if value.startswith(incomplete))

    return complete
