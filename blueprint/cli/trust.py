"""Consent to the code that a template runs."""

from blueprint.errors import UntrustedError
from blueprint.patterns import Pattern
from blueprint.sources import as_trusted, runs_code, scripts_of
from blueprint.sources.trust import SHORTEST_DIGEST, is_trusted, matches_digest, remember_trust

from .console import Console


def ensure_trusted(
    pattern: Pattern, console: Console, trust: str | None, *, ask: bool, updating: bool = False
) -> Pattern:
    """Return `pattern` with permission to run its code, if the user trusts exactly this content.

    The user trusts it by passing its digest (`trust`), by an earlier answer, or by answering now, which takes
    `ask`. The question shows all of the code; an `updating` project may also run migrations. Raises
    UntrustedError.
    """
    if not runs_code(pattern, updating=updating):
        return pattern
    scripts = scripts_of(pattern)
    if (trust and matches_digest(trust, pattern)) or is_trusted(pattern):
        return as_trusted(pattern)
    digest = (pattern.origin.digest or "")[:SHORTEST_DIGEST]
    if not ask:
        what = ", ".join(script.what for script in scripts)
        raise UntrustedError(
            f"{pattern.name} runs code that you have not trusted: {what}",
            hint=f"Review it with `blueprint pattern show`. To trust it, add --trust {digest}",
        )
    console.line(f"{pattern.title} runs this code on your machine, with your permissions:")
    for script in scripts:
        console.code(script.what, script.text)
    if not console.agree(f"Do you trust exactly this code (digest {digest})?"):
        raise UntrustedError(
            f"{pattern.name} needs to run code that you did not trust",
            hint="Choose another pattern, or run the command again to review the code.",
        )
    remember_trust(pattern)
    return as_trusted(pattern)
