"""Command-line options for the shop to test, and exit statuses."""

from __future__ import annotations

import argparse
import ipaddress
import os
import sys
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx2


def add_target(parser: argparse.ArgumentParser) -> None:
    """Add `--base-url` and `--admin`, which default to SHOP_URL and SHOP_ADMIN."""
    for name, variable, meaning in (
        ("--base-url", "SHOP_URL", "URL of the shop, for example http://127.0.0.1:8000"),
        ("--admin", "SHOP_ADMIN", "credential of the shop's administrator, as id:secret"),
    ):
        default = os.environ.get(variable)
        parser.add_argument(
            name, default=default, required=default is None, help=f"{meaning} (default: {variable})"
        )


def exit_code(command: Callable[[], int]) -> int:
    """Run `command`; print the error and return 2 if the shop is unreachable or breaks its contract."""
    try:
        return command()
    except (AssertionError, httpx2.HTTPError, OSError) as error:
        print(
            f"Error: the shop is unreachable or broke its contract: {error or type(error).__name__}",
            file=sys.stderr,
        )
        return 2


def is_loopback(base_url: str) -> bool:
    """Whether the address is a loopback address."""
    host = urlsplit(base_url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
