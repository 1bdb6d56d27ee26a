"""Servers and settings of shops that are loaded and audited."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from secrets import token_urlsafe

from tests.servers.databases import mariadb, postgresql

SERVERS: Mapping[str, Callable[[Path], AbstractContextManager[str]]] = {
    "postgresql": postgresql,
    "mysql": mariadb,
}
ADMIN = f"admin@example.com:{token_urlsafe(12)}"
SETTINGS = {
    "AUDIT_ENABLED": "true",
    "SIGNING_KEYS": token_urlsafe(32),
    "ADMIN_EMAIL": ADMIN.partition(":")[0],
    "ADMIN_PASSWORD": ADMIN.partition(":")[2],
    **dict.fromkeys(("ORDERS_PER_USER", "LOGINS_PER_ADDRESS", "REGISTRATIONS_PER_ADDRESS"), "1000000/minute"),
}
