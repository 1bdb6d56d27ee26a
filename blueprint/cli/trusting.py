"""Ask once whether a template may run code of its own."""

from blueprint.errors import UntrustedError
from blueprint.patterns import Pattern
from blueprint.sources import code_of, runs_code, trusted
from blueprint.sources.consent import SHORTEST_DIGEST, has_consent, names_content, remember_consent

from .console import Console


def consented(
    pattern: Pattern, console: Console, trust: str | None, *, ask: bool, updating: bool = False
) -> Pattern:
    """`pattern` with the right to run its code, if somebody has agreed to exactly that.

    That is so if its digest is given (`trust`), if they have agreed before, or if they do now. All of its
    code is shown, also what runs only when a project is `updating`. Raises UntrustedError.
    """
    if not runs_code(pattern, updating=updating):
        return pattern
    scripts = code_of(pattern)
    if (trust and names_content(trust, pattern)) or has_consent(pattern):
        return trusted(pattern)
    digest = (pattern.origin.digest or "")[:SHORTEST_DIGEST]
    if not ask:
        raise UntrustedError(
            f"{pattern.name} wants to run code of its own: {', '.join(script.what for script in scripts)}",
            hint=f"Look at it with `blueprint pattern show`. If you trust it: --trust {digest}",
        )
    console.line(f"{pattern.title} wants to run this on your machine, with all that you may do:")
    for script in scripts:
        console.code(script.what, script.text)
    if not console.agree(f"Do you trust it? (this content only: {digest})"):
        raise UntrustedError(f"{pattern.name} needs its code, and was not trusted")
    remember_consent(pattern)
    return trusted(pattern)
