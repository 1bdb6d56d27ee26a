"""Mail through an SMTP server."""

import asyncio
import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import localtime, make_msgid
from typing import Annotated
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, SecretStr

SCHEMES = {"smtp": 587, "smtps": 465}
"""Ports of the schemes (RFC 8314): `smtps` starts with TLS, `smtp` changes to it by the command STARTTLS."""
TIMEOUT_SECONDS = 10
# Servers to which messages may go in the clear.
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_TEXT = """\
Somebody asked to reset the password of your account. To set a new password, use this token within 30 minutes:

{token}

If it was not you, ignore this message. Your password stays as it is.
"""


def _checked_url(url: SecretStr) -> SecretStr:
    text = url.get_secret_value()
    try:
        parts = urlsplit(text)
        valid = parts.scheme in SCHEMES and parts.hostname and parts.port != 0
    except ValueError:
        valid = False
    if text and not valid:
        raise ValueError(
            "a mail server is written like smtp://user:password@host:587, or smtps:// for port 465"
        )
    return url


def _checked_sender(sender: str) -> str:
    if sender:
        try:
            Address(addr_spec=sender)
        except Exception as error:
            raise ValueError("a sender is written like shop@example.com") from error
    return sender


SmtpUrl = Annotated[SecretStr, AfterValidator(_checked_url)]
Sender = Annotated[str, AfterValidator(_checked_sender)]


class SmtpMail:
    """Sends each message on a new connection, which is encrypted unless the server is on this machine."""

    def __init__(self, url: str, sender: str) -> None:
        """`url` is `smtp://user:password@host:port` or `smtps://...`; user and port are optional."""
        parts = urlsplit(url)
        assert parts.hostname
        self._host = parts.hostname
        self._port = parts.port or SCHEMES[parts.scheme]
        self._encrypted = parts.scheme == "smtps"
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender = sender

    async def send_reset(self, email: str, token: str) -> None:
        """Send the token; raise `OSError` if the server cannot be reached or does not accept the message."""
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = email
        message["Subject"] = "Reset your password"
        message["Date"] = localtime()
        message["Message-ID"] = make_msgid(domain=self._sender.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(_TEXT.format(token=token))
        await asyncio.to_thread(self._send, message)

    def _send(self, message: EmailMessage) -> None:
        context = ssl.create_default_context()
        with self._connection(context) as server:
            if not self._encrypted and self._host not in LOCAL:
                # Raises an exception if the server does not offer it: a token is never sent in the clear.
                server.starttls(context=context)
            if self._user:
                server.login(self._user, self._password)
            server.send_message(message)

    def _connection(self, context: ssl.SSLContext) -> smtplib.SMTP:
        if self._encrypted:
            return smtplib.SMTP_SSL(self._host, self._port, timeout=TIMEOUT_SECONDS, context=context)
        return smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_SECONDS)
