"""Names of Java packages, by the Java Language Specification (Java SE 25)."""

import re

_KEYWORDS = """
    _ abstract assert boolean break byte case catch char class const continue default do double else
    enum extends final finally float for goto if implements import instanceof int interface long
    native new package private protected public return short static strictfp super switch
    synchronized this throw throws transient try void volatile while
"""
"""Reserved keywords (section 3.9). Contextual ones such as `record` and `module` may be part of a package."""

_LITERALS = frozenset({"true", "false", "null"})
"""Literals (sections 3.10.3 and 3.10.8), which are not identifiers either."""


def java_package_problem(text: str) -> str:
    """Return what keeps `text` from being the name of a Java package, or nothing.

    Java would also allow `$`, which is for generated code, and letters other than ASCII, which file systems
    write in different ways.
    """
    names = text.split(".")
    if names[0] == "java":
        return "packages of Java itself begin with java; the Java runtime rejects others"
    return next(filter(None, map(_name_problem, names)), "")


def _name_problem(name: str) -> str:
    if not name:
        return "a part of the name is empty; separate the parts with single dots"
    if not re.fullmatch("[A-Za-z0-9_]+", name):
        return f"{name!r} may contain only the letters a to z, digits and underscores"
    if name[0].isdigit():
        return f"{name!r} begins with a digit; write '_{name}'"
    if name in _KEYWORDS.split():
        return f"{name!r} is a keyword of Java" + (f"; write '{name}_'" if name != "_" else "")
    return f"{name!r} is a literal of Java; write '{name}_'" if name in _LITERALS else ""
