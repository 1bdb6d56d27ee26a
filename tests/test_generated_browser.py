"""Tests of the browser helper of the generated analytics tests: it skips where no browser starts."""

import asyncio
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

BROWSER = Path(__file__).parent.parent / "templates/shared/python/analytics/tests/browser.py"


@pytest.fixture
def browser() -> ModuleType:
    """Return the helper module, which imports nothing from the shop."""
    spec = importlib.util.spec_from_file_location("generated_browser", BROWSER)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("required", "outcome"), [("0", pytest.skip.Exception), ("1", pytest.fail.Exception)]
)
@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (
            "echo 'libnss3.so: cannot open shared object file' >&2\nexit 1\n",
            "does not start: libnss3.so: cannot",
        ),
        ("exit 1\n", "does not start: it said nothing"),
        (None, "there is no Chromium on this machine"),
    ],
)
def test_a_browser_that_does_not_start_skips_the_test(
    browser: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    script: str | None,
    reason: str,
    required: str,
    outcome: type[BaseException],
) -> None:
    """A missing or broken browser skips the test, or fails it where TEST_REQUIRE_BROWSER is set."""
    fake = tmp_path / "chromium"
    fake.write_text(f"#!/bin/sh\n{script}")
    fake.chmod(0o755)
    monkeypatch.setattr(browser, "PROGRAM", str(fake) if script else None)
    monkeypatch.setenv("TEST_REQUIRE_BROWSER", required)

    async def browse() -> None:
        async with browser.browsing(tmp_path / "profile"):
            raise AssertionError("it started")

    with pytest.raises(outcome, match=reason):
        asyncio.run(asyncio.wait_for(browse(), 60))
