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

_LIBRARIES = """
    com.fasterxml com.github.benmanes com.github.difflib com.networknt com.nimbusds com.spotify.folsom com.sun
    com.zaxxer io.github.resilience4j io.lettuce io.micrometer io.opentelemetry io.prometheus jakarta javax
    kafka org.apache.catalina org.apache.commons org.apache.coyote org.apache.kafka org.apache.tomcat
    org.assertj org.awaitility org.bouncycastle org.commonmark org.flywaydb org.jspecify org.junit org.mockito
    org.owasp org.slf4j org.springframework org.yaml tools.jackson
"""
"""Packages of Java and of libraries: in or above them, a project's own code could not be told from theirs."""


def java_package_problem(text: str) -> str:
    """Return what keeps `text` from being the name of a Java package, or nothing.

    Java would also allow `$`, which is for generated code, and letters other than ASCII, which file systems
    write in different ways.
    """
    names = text.split(".")
    if names[0] == "java":
        return "packages of Java itself begin with java; the Java runtime rejects others"
    return next(filter(None, map(_name_problem, names)), "") or _library_problem(text)


def _library_problem(text: str) -> str:
    """Return that `text` is the package of a library, is in one or contains one, or nothing.

    Spring, for example, would look for the components of the project in its own packages.
    """
    for library in _LIBRARIES.split():
        if f"{text}.".startswith(f"{library}."):
            return f"a library already uses {library}"
        if library.startswith(f"{text}."):
            return f"libraries such as {library} are in it; add the name of your organization"
    return ""


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
