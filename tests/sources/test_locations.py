"""Locations of sources are parsed, and refused if git would do more with them than fetch."""

import pytest

from blueprint.errors import SourceError
from blueprint.sources.locations import Location, is_path, parse_location, with_ref

GITHUB = "https://github.com/team/patterns.git"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("./shop", Location("folder", "./shop")),
        ("..", Location("folder", "..")),
        ("~/patterns#api", Location("folder", "~/patterns", "api")),
        ("shop.zip", Location("zip", "shop.zip")),
        ("/a/shop.zip#b/c/", Location("zip", "/a/shop.zip", "b/c")),
        (GITHUB, Location("git", GITHUB, "", None, GITHUB)),
        (f"{GITHUB}@v1.0", Location("git", GITHUB, "", "v1.0", GITHUB)),
        (f"{GITHUB}@feature/x#a/b", Location("git", GITHUB, "a/b", "feature/x", GITHUB)),
        (f"git+{GITHUB}", Location("git", f"git+{GITHUB}", "", None, GITHUB)),
        ("gh:team/x@v1", Location("git", "gh:team/x", "", "v1", "https://github.com/team/x")),
        ("gl:team/x", Location("git", "gl:team/x", "", None, "https://gitlab.com/team/x")),
        ("git@host:team/x.git@v1", Location("git", "git@host:team/x.git", "", "v1", "git@host:team/x.git")),
        ("ssh://me@host:22/~/x", Location("git", "ssh://me@host:22/~/x", "", None, "ssh://me@host:22/~/x")),
        ("HTTPS://host/x", Location("git", "HTTPS://host/x", "", None, "https://host/x")),
        ("file:///srv/x.git", Location("git", "file:///srv/x.git", "", None, "file:///srv/x.git")),
    ],
)
def test_a_location_may_have_a_ref_and_a_subfolder(text: str, expected: Location) -> None:
    """In a location, the ref follows an `@` and the subfolder a `#`."""
    assert parse_location(text) == expected


@pytest.mark.parametrize("text", ["monolith", "my-pattern", "x"])
def test_text_without_a_slash_is_a_name(text: str) -> None:
    """A word without a slash is the name of a pattern, not a folder."""
    assert parse_location(text) is None
    assert not is_path(text)


@pytest.mark.parametrize(
    "text",
    [
        "--upload-pack=touch x",
        "-u./x",
        "ext::sh -c touch% x",
        "ext://host/x",
        "fd::17/foo",
        "http://host/x.git",
        "git://host/x.git",
        "git+ext::sh -c x",
        "ftp://host/x",
        "ssh://-oProxyCommand=x/y",
        "ssh://me@-oProxyCommand=x/y",
        "git@-host:x",
        "ssh://host/-x",
        "git@host:--upload-pack=x",
        "https://user:secret@host/x.git",
        "https://ho st/x.git",
        "https:///x.git",
        f"{GITHUB}@--upload-pack=x",
        f"{GITHUB}@-x",
        f"{GITHUB}@a..b",
        f"{GITHUB}@a@{{1}}",
        f"{GITHUB}@",
        f"{GITHUB}@x y",
        f"{GITHUB}@:/x",
        f"{GITHUB}@^{{}}",
        f"{GITHUB}#../x",
        f"{GITHUB}#/etc",
        f"{GITHUB}#a/.git",
        f"{GITHUB}#a\\b",
        f"{GITHUB}\n",
        "./x\x1b[2J",
        "./x#..",
    ],
)
def test_a_dangerous_location_is_refused(text: str) -> None:
    """Options and commands for git, other protocols, passwords, and paths outside are refused."""
    with pytest.raises(SourceError) as caught:
        parse_location(text)
    assert "secret" not in caught.value.message


def test_only_a_repository_can_have_another_ref() -> None:
    """The ref of a git URL can be replaced; a folder and a name have no ref."""
    assert with_ref(f"{GITHUB}@v1#a", "v2") == f"{GITHUB}@v2#a"
    assert with_ref("gh:team/x", "main") == "gh:team/x@main"
    for text, ref in (("./x", "v2"), ("monolith", "v2"), (GITHUB, "--x")):
        with pytest.raises(SourceError):
            with_ref(text, ref)
