"""Messages of a native pattern before the questions; those afterwards are part of the rendering."""

from jinja2 import TemplateError

from blueprint.errors import PatternError
from blueprint.patterns import Pattern
from blueprint.sandbox import LimitExceededError, Sandbox, explain, resource_limits

from .templates import pattern_names


def opening_message(pattern: Pattern, project: str, *, updating: bool) -> str:
    """Render the message before a new project or, if `updating`, an update. Raises PatternError.

    It knows the names of project and pattern, but no answers.
    """
    message = pattern.messages.before_update if updating else pattern.messages.before_new
    if "{" not in message:
        return message
    try:
        with resource_limits():
            return Sandbox().from_string(message).render(pattern_names(pattern, project))
    except (TemplateError, LimitExceededError, TypeError, ValueError, ArithmeticError) as error:
        raise PatternError(f"the pattern {pattern.name}: in {message!r}: {explain(error)}") from error
