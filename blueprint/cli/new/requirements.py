"""What a project needs on a machine, and this one does not have."""

from blueprint.patterns import Answers, Pattern
from blueprint.templating import condition_is_true

from .jdk import find_jdk


def missing_programs(pattern: Pattern, answers: Answers) -> tuple[str, ...]:
    """Return a sentence for each program that is missing. Raises PatternError."""
    needed = [
        requirement.jdk
        for requirement in pattern.requires
        if requirement.when is None
        or condition_is_true(requirement.when, answers.options, f"{pattern.folder}: requires")
    ]
    missing = [version for version in needed if find_jdk(version) is None]
    return tuple(
        f"The project needs a JDK {version} or newer. Install one, or set JAVA_HOME to it."
        for version in missing
    )
