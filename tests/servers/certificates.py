"""Certificates of servers on this machine, and of the authority that signs them."""

import subprocess
from functools import partial
from pathlib import Path

from .process import program

SUBJECT = "/CN=server"
SIGNED = "subjectAltName=IP:127.0.0.1"


def sign(folder: Path) -> None:
    """Write ca.crt, server.crt and server.key: an authority, and a server with its certificate."""
    openssl = partial(subprocess.run, check=True, capture_output=True, cwd=folder)
    new = [program("openssl"), "req", "-x509", "-nodes", "-newkey", "rsa:2048", "-subj", SUBJECT]
    openssl([*new, "-keyout", "ca.key", "-out", "ca.crt"])
    signed = ["-CA", "ca.crt", "-CAkey", "ca.key", "-addext", SIGNED, "-addext", "basicConstraints=CA:FALSE"]
    openssl([*new, *signed, "-keyout", "server.key", "-out", "server.crt"])
