"""Options with the format `java-package` accept names of Java packages, and explain what is wrong."""

import shutil
import subprocess
from pathlib import Path

import pytest

from blueprint.errors import AnswersError, PatternError
from blueprint.patterns import Pattern, check_answers, describe_values, load_pattern
from tests.patterns_on_disk import tiny, write_pattern

RESERVED = """
    _ abstract assert boolean break byte case catch char class const continue default do double else
    enum extends false final finally float for goto if implements import instanceof int interface
    long native new null package private protected public return short static strictfp super switch
    synchronized this throw throws transient true try void volatile while
"""
CONTEXTUAL = """
    exports module open opens permits provides record requires sealed to transitive uses var when
    with yield
"""


def pattern(folder: Path, **changes: object) -> Pattern:
    """A pattern with an option for the name of a Java package."""
    default = {"type": "string", "question": "Package?", "default": "com.example.{{ package }}"}
    options = {"base_package": {**default, "format": "java-package", **changes}}
    layers = [{"from": "files", "to": "."}]
    content = tiny(options=options, values={}, layers=layers, look=[])
    return load_pattern(write_pattern(folder, content, {"files/a": ""}))


@pytest.mark.parametrize(
    "name",
    [
        "shop",
        "org.acme.store",
        "com.example.my_shop",
        "com.Example.Shop2",
        "_9to5.x",
        "org.java.util",
        "org.springs",
    ],
)
def test_names_of_packages_are_accepted(tmp_path: Path, name: str) -> None:
    """Names that Java accepts are accepted, also in upper case, which is only unusual."""
    answers = check_answers(pattern(tmp_path), "my-shop", {"base_package": name})
    assert answers.options == {"base_package": name}


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "a part of the name is empty; separate the parts with single dots"),
        ("org..acme", "a part of the name is empty; separate the parts with single dots"),
        ("org.acme.", "a part of the name is empty; separate the parts with single dots"),
        ("org.my-shop", "'my-shop' may contain only the letters a to z, digits and underscores"),
        ("org.käse", "'käse' may contain only the letters a to z, digits and underscores"),
        ("org.a$b", "'a$b' may contain only the letters a to z, digits and underscores"),
        ("org.acme.shop ", "'shop ' may contain only the letters a to z, digits and underscores"),
        ("org.9to5", "'9to5' begins with a digit; write '_9to5'"),
        ("org.acme.class", "'class' is a keyword of Java; write 'class_'"),
        ("org._", "'_' is a keyword of Java"),
        ("true.acme", "'true' is a literal of Java; write 'true_'"),
        ("org.springframework", "a library already uses org.springframework"),
        ("org.springframework.shop", "a library already uses org.springframework"),
        ("com", "libraries such as com.fasterxml are in it; add the name of your organization"),
        ("java.acme", "packages of Java itself begin with java; the Java runtime rejects others"),
    ],
)
def test_an_invalid_name_is_explained(tmp_path: Path, name: str, problem: str) -> None:
    """The message says which part of a name is wrong, and the hint shows a valid one."""
    with pytest.raises(AnswersError) as caught:
        check_answers(pattern(tmp_path), "my-shop", {"base_package": name})
    assert caught.value.message == f"{name!r} is not valid for base_package: {problem}"
    expected = "Use the name of a Java package, usually in lower case, such as com.example.shop."
    assert caught.value.hint == expected


def test_a_secret_name_is_not_shown(tmp_path: Path) -> None:
    """The message about a secret answer quotes no part of it."""
    with pytest.raises(AnswersError) as caught:
        check_answers(pattern(tmp_path, secret=True), "my-shop", {"base_package": "org.class"})
    assert caught.value.message == "the given value is not valid for base_package"


def test_the_rendered_default_must_be_a_name(tmp_path: Path) -> None:
    """A default is checked as rendered: a project can have a name that Java reserves."""
    found = pattern(tmp_path)
    assert check_answers(found, "my-shop", {}).options == {"base_package": "com.example.my_shop"}
    with pytest.raises(AnswersError, match="'class' is a keyword of Java"):
        check_answers(found, "class", {})


def test_a_plain_default_must_be_a_name(tmp_path: Path) -> None:
    """A default that is not a template is checked when the pattern is loaded."""
    with pytest.raises(PatternError, match="'new' is a keyword of Java"):
        pattern(tmp_path, default="com.new")


def test_an_unknown_format_is_refused(tmp_path: Path) -> None:
    """A format that does not exist is an error in the pattern.yaml."""
    with pytest.raises(PatternError, match="java_package"):
        pattern(tmp_path, format="java_package")


def test_the_format_is_described(tmp_path: Path) -> None:
    """Help for an option says that it wants the name of a Java package."""
    described = describe_values(pattern(tmp_path).options["base_package"])
    assert described == "the name of a Java package, usually in lower case, such as com.example.shop"


@pytest.mark.slow
def test_a_compiler_agrees(tmp_path: Path) -> None:
    """A Java compiler rejects exactly the words that are rejected here, and accepts the contextual ones."""
    javac = shutil.which("javac")
    if javac is None:
        pytest.skip("javac is not installed")
    found = pattern(tmp_path / "pattern")
    files = []
    for word in CONTEXTUAL.split():
        check_answers(found, "my-shop", {"base_package": f"org.{word}.shop"})
        files.append(tmp_path / f"{word}.java")
        files[-1].write_text(f"package org.{word}.shop;\nclass C {{ org.{word}.shop.C other; }}\n")
    done = subprocess.run([javac, "-d", tmp_path, *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for word in RESERVED.split():
        with pytest.raises(AnswersError):
            check_answers(found, "my-shop", {"base_package": f"org.{word}.shop"})
        files.append(tmp_path / f"{word}.java")
        files[-1].write_text(f"package org.{word}.shop;\nclass C {{}}\n")
    done = subprocess.run([javac, "-d", tmp_path, *files], capture_output=True, text=True, check=False)
    rejected = {line.partition(".java:1: error")[0].rpartition("/")[2] for line in done.stderr.splitlines()}
    assert {*RESERVED.split()} <= rejected
    assert not rejected & {*CONTEXTUAL.split()}
