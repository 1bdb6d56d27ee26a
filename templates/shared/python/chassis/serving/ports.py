"""Checks of the address that a server is about to listen on."""

import errno
import socket
import sys


def exit_if_unavailable(host: str, port: int) -> None:
    """Exit with a message if the address is in use, or cannot be listened on.

    Without this check, two servers could share the port and answer in turns: Granian sets SO_REUSEPORT.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            # Connections that a stopped server has left in TIME_WAIT do not occupy the port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            reason = "it is in use. Stop the program that uses it, or choose another port"
        else:
            reason = error.strerror or "the address is invalid"
        sys.exit(f"Cannot listen on port {port} of {host}: {reason}.")
