"""Run the acceptance tests and the audit against a shop of their own.

python scripts/acceptance.py [TEST...] -- COMMAND...

COMMAND is the program. It serves on a free port, with a new embedded database or that of TEST_DATABASE_URL,
which has to be empty. Variables of other servers begin with TEST_, too.
"""

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path

PROJECT = Path(__file__).parent.parent
START_SECONDS = 120
EMAIL = "admin@example.com"


def main(tests: Sequence[str], program: Sequence[str]) -> int:
    """Return the exit code: 0 if the suite and the audit pass."""
    password = secrets.token_urlsafe(12)
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        log = Path(folder, "shop.log")
        with log.open("wb") as output:
            shop = subprocess.Popen(
                [*program, "migrate", "serve", f"--server.port={port}"],
                # Not the folder of the project, which has settings for development.
                cwd=folder,
                env=os.environ | settings(password),
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            if not started(url, shop):
                print(log.read_text(errors="replace"), "The shop did not start.", sep="\n", file=sys.stderr)
                return 1
            target = os.environ | {"SHOP_URL": url, "SHOP_ADMIN": f"{EMAIL}:{password}"}
            commands = (["pytest", *(tests or ["acceptance"])], ["acceptance.audit"])
            return max(run(each, target) for each in commands)
        finally:
            shop.terminate()
            shop.wait()


def settings(password: str) -> dict[str, str]:
    """Return the variables of a shop for tests: its rate limits do not stop a single client."""
    servers = {name for name, value in os.environ.items() if re.fullmatch("TEST_[A-Z]+_URL", name) and value}
    unlimited = ("ORDERS_PER_USER", "LOGINS_PER_ADDRESS", "REGISTRATIONS_PER_ADDRESS")
    return {
        **{name.removeprefix("TEST_"): os.environ[name] for name in servers},
        "SIGNING_KEYS": secrets.token_urlsafe(32),
        "ADMIN_EMAIL": EMAIL,
        "ADMIN_PASSWORD": password,
        "MAIL_FOLDER": "mail",
        "AUDIT_ENABLED": "true",
        **dict.fromkeys(unlimited, "100000/minute"),
    }


def started(url: str, shop: subprocess.Popen[bytes]) -> bool:
    """Wait until the shop is ready; return False if it ended or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while shop.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/readyz"):
                return True
        except OSError:
            time.sleep(0.2)
    return False


def run(command: Sequence[str], environment: dict[str, str]) -> int:
    """Run a Python module in the project and return its exit code."""
    done = subprocess.run([sys.executable, "-m", *command], cwd=PROJECT, env=environment, check=False)
    return done.returncode


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    arguments = sys.argv[1:]
    split = arguments.index("--")
    # Stop the shop, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(main(arguments[:split], arguments[split + 1 :]))
