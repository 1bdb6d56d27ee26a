"""`blueprint diff` shows the user's edits, or what an update would change."""

import shlex
import shutil
import sys
from contextlib import AbstractContextManager
from pathlib import Path

import pexpect
import pytest

from .projects import BODY, content, create_project, edit, release_version
from .running import blueprint
from .terminals import at_terminal, ended


@pytest.fixture
def shop(here: Path) -> Path:
    """A project whose pattern has newer versions."""
    return create_project(here)


def test_no_edits_print_nothing(shop: Path) -> None:
    """Without edits nothing is printed, even if the user added files."""
    (shop / "mine.txt").write_text("mine\n")
    assert blueprint("diff", cwd=shop).out == ""


def test_edits_are_shown_as_a_diff(shop: Path) -> None:
    """Edited, deleted and newly executable files are shown."""
    edit(shop, "body.txt", "line 8\n", "mine\n")
    (shop / "logo.bin").unlink()
    (shop / ".gitignore").chmod(0o755)
    done = blueprint("diff", cwd=shop)
    assert done.status == 0
    assert done.out == (
        ".gitignore: now executable\n"
        "--- a/body.txt\n+++ b/body.txt\n@@ -6,4 +6,4 @@\n"
        " line 5\n line 6\n line 7\n-line 8\n+mine\n"
        "logo.bin: binary file\n"
    )
    kinds = {file["path"]: file["kind"] for file in blueprint("diff", "--json", cwd=shop).json["files"]}
    assert kinds == {".gitignore": "edited", "body.txt": "edited", "logo.bin": "deleted"}


def test_an_update_can_be_previewed(here: Path, shop: Path) -> None:
    """`diff --update` shows the merged result and writes nothing."""
    edit(shop, "body.txt", "line 1\n", "mine\n")
    release_version(here, {"files/body.txt": BODY + "new\n"}, version="1.2.3")
    before = content(shop)
    shown = blueprint("diff", "--update", "--set", "kubernetes=no", cwd=shop).out
    assert content(shop) == before
    assert "+new\n" in shown
    assert "mine" not in shown
    assert "+++ /dev/null" in shown


def test_no_secret_is_shown(here: Path, shop: Path) -> None:
    """For a secret file, only the fact that it changes is shown."""
    release_version(
        here, {"files/.env.jinja": "PASSWORD=x{{ secret('database') }}\nKEY=hidden\n"}, version="1.2.3"
    )
    shown = blueprint("diff", "--update", cwd=shop).out
    assert shown == ".env: edited, not shown\n"


def shown_at_terminal(shop: Path, **environment: str) -> str:
    """Return what `blueprint diff` shows at a terminal that has no settings but those in `environment`."""
    with diff_at_terminal(shop, **environment) as session:
        status, shown = ended(session)
    assert status == 0
    return shown.replace("\r\n", "\n")


def diff_at_terminal(shop: Path, **environment: str) -> "AbstractContextManager[pexpect.spawn[str]]":
    """Start `blueprint diff` at a terminal."""
    return at_terminal(["diff"], shop, 80, **{"TERM": "xterm", **environment})


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LESS", "NO_COLOR", "PAGER"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def edited(shop: Path) -> Path:
    """A project with an edit whose text would color a terminal."""
    edit(shop, "body.txt", "line 8\n", "\tmine \x1b[31m\n")
    return shop


def test_a_terminal_shows_colors(edited: Path) -> None:
    """Additions are green and deletions red; what a file contains cannot set a color."""
    shown = shown_at_terminal(edited, PAGER="")
    assert "\x1b[31m-line 8\x1b[0m\n" in shown
    assert "\x1b[32m+\tmine \\x1b[31m\x1b[0m\n" in shown
    assert "\n line 7\n" in shown


@pytest.mark.parametrize(
    "environment",
    [
        {"PAGER": "no-such-pager"},
        {"PAGER": "'"},
        {"PAGER": "cat"},
        {"PAGER": "sh -c 'cat; exit 3'"},
        {"TERM": "dumb", "PAGER": "false"},
    ],
)
def test_a_diff_is_shown_without_a_usable_pager(edited: Path, environment: dict[str, str]) -> None:
    """A pager that is missing or odd, or a terminal that cannot show one, hides nothing."""
    assert "mine" in shown_at_terminal(edited, **environment)


def test_no_color_is_plain_at_a_terminal(edited: Path) -> None:
    """NO_COLOR removes colors and nothing else."""
    shown = shown_at_terminal(edited, PAGER="cat", NO_COLOR="1")
    assert "\x1b" not in shown
    assert "-line 8\n" in shown


def test_a_pager_that_quits_early_ends_the_command(here: Path) -> None:
    """The command neither waits nor fails if the pager reads only the first line of a long diff."""
    shop = create_project(here, {"files/long.txt": "word\n" * 50_000})
    (shop / "long.txt").write_text("")
    shown = shown_at_terminal(shop, PAGER="head -1")
    assert "a/long.txt" in shown
    assert shown.count("\n") == 1


def test_ctrl_c_is_for_the_pager(edited: Path) -> None:
    """The command goes on while the pager does."""
    script = "import signal, sys, time; signal.signal(2, lambda *_: sys.exit(print('stopped')))\n"
    (edited.parent / "pager.py").write_text(f"{script}print('ready', flush=True); time.sleep(50)")
    pager = shlex.join([sys.executable, str(edited.parent / "pager.py")])
    with diff_at_terminal(edited, PAGER=pager) as session:
        session.expect_exact("ready")
        session.sendintr()
        session.expect_exact("stopped")
        assert ended(session)[0] == 0


@pytest.mark.skipif(not shutil.which("less"), reason="needs less")
def test_less_shows_a_short_diff_at_once(edited: Path) -> None:
    """Without PAGER, less is used, and it does not wait for a key if the text fits on the screen."""
    shown = shown_at_terminal(edited)
    assert "\x1b[32m+" in shown
