"""Mail of a shop on one machine, to a server elsewhere."""

import socket

import pytest

from .engine import Engine
from .machines import machine

pytestmark = pytest.mark.long
SECONDS = 60


def test_mail_leaves_one_machine(docker: Engine) -> None:
    """A request to reset a password reaches the mail server in deploy/.env, although the shop has no port."""
    with docker.network():
        server = socket.create_server((docker.address, 0))
    with server:
        url = f"smtp://{docker.address}:{server.getsockname()[1]}"
        settings = {"SMTP_URL": url, "MAIL_FROM": "shop@example.com"}
        with machine(docker, "mail", settings, load_balancer="haproxy") as (shop, http):
            email = shop.admin.partition(":")[0]
            asked = http.post("/v1/auth/password-resets/requests", json={"email": email})
            assert asked.status_code == 202
            server.settimeout(SECONDS)
            connection, _ = server.accept()
            with connection:
                connection.settimeout(SECONDS)
                connection.sendall(b"220 mail.example.com ESMTP\r\n")
                # It asks for STARTTLS next, with a certificate that nobody signs for this address.
                assert connection.recv(1024).upper().startswith(b"EHLO ")
