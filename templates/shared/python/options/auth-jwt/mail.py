"""Mail for development."""

import asyncio
import os
from pathlib import Path
from uuid import uuid4


class MailFolder:
    """Writes each message to a separate file, which only this account can read, instead of sending it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send_reset(self, email: str, token: str) -> None:
        """Write the token to a file."""
        await asyncio.to_thread(self._write, f"To: {email}\nSubject: Reset your password\n\n{token}\n")

    def _write(self, message: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{uuid4()}.txt"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(message)
