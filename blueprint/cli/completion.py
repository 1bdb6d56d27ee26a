"""Shell completion of the values of `blueprint new`."""

from collections.abc import Callable


def complete_pattern(incomplete: str) -> list[str]:
    """Return the built-in and added patterns that begin with `incomplete`."""
    from blueprint.patterns import pattern_names
    from blueprint.sources.user_patterns import added_patterns

    return [name for name in (*pattern_names(), *added_patterns()) if name.startswith(incomplete)]


def complete_choice(option: str) -> Callable[[str], list[str]]:
    """Return a completer for the values of `option` in the built-in patterns."""

    def complete(incomplete: str) -> list[str]:
        from blueprint.patterns import Choice, list_patterns

        options = (pattern.options.get(option) for pattern in list_patterns())
        values = {value for found in options if isinstance(found, Choice) for value in found.choices}
        return sorted(value for value in values if value.startswith(incomplete))

    return complete
