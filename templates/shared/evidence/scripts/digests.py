"""Pin the images of others that run in production by digest, as their registries have them now.

make digests  # needs Docker with buildx

Run it again to get what was rebuilt for the same tag, such as with fixes of a distribution. Dependabot
updates tag and digest together.
"""

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

from evidence_checks import IMAGE, deployed_files


def main() -> int:
    """Write the digests and return the exit code."""
    try:
        # All of them first, so that no file is written if a registry does not answer.
        texts = {path: IMAGE.sub(_pinned, path.read_text()) for path in deployed_files(Path())}
    except subprocess.CalledProcessError as error:
        print(error.stderr.strip(), file=sys.stderr)
        return 1
    for path, text in texts.items():
        path.write_text(text)
    return 0


def _pinned(found: re.Match[str]) -> str:
    image = found[1].partition("@")[0]
    # Built here, so no registry has it.
    if image.endswith(":local"):
        return found[0]
    return found[0].replace(found[1], f"{image}@{digest_of(image)}")


@cache
def digest_of(image: str) -> str:
    """Return the digest of an image for all platforms, and print it."""
    command = ["docker", "buildx", "imagetools", "inspect", "--format", "{{json .Manifest}}", image]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    digest: str = json.loads(said)["digest"]
    print(f"{image}@{digest}")
    return digest


if __name__ == "__main__":
    sys.exit(main())
