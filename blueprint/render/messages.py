"""Messages of a native pattern before the questions; those afterwards are part of the rendering."""

from blueprint.patterns import Pattern
from blueprint.templating import render_text

from .templates import pattern_names


def opening_message(pattern: Pattern, project: str, *, updating: bool) -> str:
    """Render the message before a new project or, if `updating`, an update. Raises PatternError.

    It knows the names of project and pattern, but no answers.
    """
    messages = pattern.messages
    name, text = (
        ("before_update", messages.before_update) if updating else ("before_new", messages.before_new)
    )
    return render_text(text, pattern_names(pattern, project), f"{pattern.folder}: the message {name}")
