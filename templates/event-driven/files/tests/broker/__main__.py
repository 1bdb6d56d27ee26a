"""Run a command while a broker is there: `python -m tests.broker pytest ...`.

The command finds the broker's address in `TEST_BUS_URL`.
"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from . import Broker, BrokerUnavailable, jars


def main(command: list[str]) -> int:
    """Return the command's exit status."""
    try:
        found = jars(Path("build"))
    except BrokerUnavailable as missing:
        print(f"The broker needs Java and Maven: {missing}.", file=sys.stderr)
        return 1
    with TemporaryDirectory(prefix="kafka-") as folder, Broker(Path(folder), found) as broker:
        return subprocess.run(command, env=os.environ | {"TEST_BUS_URL": broker.url}).returncode


sys.exit(main(sys.argv[1:]))
