"""Ask once whether a template may run code of its own."""

from blueprint.errors import UntrustedError
from blueprint.patterns import Pattern
from blueprint.sources import as_trusted, runs_code, scripts_of
from blueprint.sources.trust import SHORTEST_DIGEST, is_trusted, matches_digest, remember_trust

from .console import Console


def ensure_trusted(
    pattern: Pattern, console: Console, trust: str | None, *, ask: bool, updating: bool = False
) -> Pattern:
    """`pattern` with the right to run its code, if somebody has agreed to exactly that.

    That is so if its digest is given (`trust`), if they have agreed before, or if they do now. All of its
    code is shown, also what runs only when a project is `updating`. Raises UntrustedError.
    """
    if not runs_code(pattern, updating=updating):
        return pattern
    scripts = scripts_of(pattern)
    if (trust and matches_digest(trust, pattern)) or is_trusted(pattern):
        return as_trusted(pattern)
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
    remember_trust(pattern)
    return as_trusted(pattern)
