"""Run a command with a Kafka broker: `python -m tests.broker pytest ...`.

`TEST_BUS_URL` in the command's environment is the broker's address.
"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from . import Broker, BrokerUnavailable, jars


def main(command: list[str]) -> int:
    """Run the command; return its exit status."""
    try:
        found = jars(Path("build"))
    except BrokerUnavailable as missing:
        print(f"The broker needs Java and Maven: {missing}. Install it and try again.", file=sys.stderr)
        return 1
    with TemporaryDirectory(prefix="kafka-") as folder, Broker(Path(folder), found) as broker:
        return subprocess.run(command, env=os.environ | {"TEST_BUS_URL": broker.url}).returncode


sys.exit(main(sys.argv[1:]))
