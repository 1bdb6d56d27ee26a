"""The Tree: a whole project in memory, as a mapping of POSIX path to File."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class File:
    """One file: its bytes, whether it can be executed, and whether it holds a secret of this project."""

    content: bytes
    executable: bool = False
    secret: bool = False

    @property
    def mode(self) -> int:
        """The permission bits to create the file with; the user's umask still applies."""
        if self.secret:
            return 0o700 if self.executable else 0o600
        return 0o777 if self.executable else 0o666


Tree = Mapping[str, File]
