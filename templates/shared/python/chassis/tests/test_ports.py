"""Tests of the check of the address that a server is about to listen on."""

import socket
import sys
from collections.abc import Iterator

import pytest

from ..serving import commands
from ..serving.ports import exit_if_unavailable

LOOPBACK = "127.0.0.1"


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A socket that listens with the options of Granian's."""
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        server.bind((LOOPBACK, 0))
        server.listen()
        yield server


@pytest.mark.parametrize("host", [LOOPBACK, "localhost", "0.0.0.0"])  # noqa: S104
def test_a_port_in_use_is_reported(listener: socket.socket, host: str) -> None:
    port = listener.getsockname()[1]
    with pytest.raises(SystemExit, match=rf"^Cannot listen on port {port} of {host}: it is in use\. Stop"):
        exit_if_unavailable(host, port)


def test_the_port_of_a_stopped_server_can_be_used_again(listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    with socket.create_connection((LOOPBACK, port)):
        accepted, _ = listener.accept()
        # The side that closes first keeps the connection in TIME_WAIT.
        accepted.close()
        listener.close()
    exit_if_unavailable(LOOPBACK, port)


def test_an_address_of_another_machine_is_reported() -> None:
    with pytest.raises(SystemExit, match=r"^Cannot listen on port 8000 of 192\.0\.2\.1: "):
        exit_if_unavailable("192.0.2.1", 8000)


@pytest.mark.parametrize("text", ["0", "65536", "-1", "http", ""])
def test_a_port_is_a_number_from_1_to_65535(
    text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["shop", "serve", "--port", text])
    assert commands.main("shop", commands.serve("nothing")) == 2
    assert "Invalid value for '--port'" in capsys.readouterr().err
