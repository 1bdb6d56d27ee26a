"""Pages as PNG, through a Chromium that sees no network."""

import subprocess
import tempfile
from pathlib import Path

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
)


def photograph(page: str, picture: Path, width: int, height: int) -> None:
    """Write the picture of `page`, a URL, as it looks in a window of `width` by `height` pixels."""
    with tempfile.TemporaryDirectory(prefix="chromium-") as profile:
        subprocess.run(
            [
                "chromium",
                *FLAGS,
                f"--user-data-dir={profile}",
                f"--window-size={width},{height}",
                "--force-device-scale-factor=1",
                f"--screenshot={picture}",
                page,
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
