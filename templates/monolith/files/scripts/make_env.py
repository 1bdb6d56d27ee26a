"""Copy a file of environment variables and give every empty one a new secret.

Usage: python scripts/make_env.py EXAMPLE TARGET. A TARGET that exists is left unchanged.
"""

import os
import re
import secrets
import sys
from pathlib import Path


def main(example: str, target: str) -> int:
    """Write `target`, readable only by its owner, unless it exists."""
    if Path(target).exists():
        return 0
    text = Path(example).read_text()
    text = re.sub(r"(?m)^(\w+=)$", lambda empty: empty[1] + secrets.token_urlsafe(32), text)
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    print(f"Created {target} from {example}, with new secrets.")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
