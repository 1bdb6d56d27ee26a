"""Tests of mail through an SMTP server, against a small one on this machine."""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr, ValidationError

from chassis.clock import now
from chassis.settings import explain

from .. import smtp
from ..module import IdentitySettings
from ..smtp import SmtpMail
from .shop import ALICE, Shop

SENDER = "shop@example.com"


@dataclass
class Server:
    """An SMTP server that keeps the messages; with `certificate`, it offers STARTTLS."""

    certificate: ssl.SSLContext | None = None
    messages: list[EmailMessage] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    encrypted: bool = False
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the commands of one client."""
        writer.write(b"220 ready\r\n")
        while line := (await reader.readline()).decode().strip():
            verb, _, rest = line.partition(" ")
            self.commands.append(f"{verb.upper()} {rest}".rstrip())
            match line.upper().split():
                case ["EHLO", _]:
                    writer.write(b"250-hello\r\n" + (b"250-STARTTLS\r\n" if self.certificate else b""))
                    writer.write(b"250 AUTH PLAIN\r\n")
                case ["STARTTLS"] if self.certificate:
                    writer.write(b"220 go\r\n")
                    await writer.drain()
                    await writer.start_tls(self.certificate)
                    self.encrypted = True
                case ["AUTH", *_]:
                    writer.write(b"235 welcome\r\n")
                case ["DATA"]:
                    writer.write(b"354 go\r\n")
                    text = (await reader.readuntil(b"\r\n.\r\n")).removesuffix(b".\r\n")
                    self.messages.append(message_from_bytes(text, policy=policy.default))
                    writer.write(b"250 kept\r\n")
                case ["QUIT"]:
                    writer.write(b"221 bye\r\n")
                case _:
                    writer.write(b"250 ok\r\n")
            await writer.drain()
        writer.close()


@asynccontextmanager
async def running(server: Server, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    """Run the server on a free port; with `tls`, connections are encrypted from the start."""
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=tls)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()


@pytest.fixture
def certificate(tmp_path: Path) -> ssl.SSLContext:
    """A certificate for 127.0.0.1, which only those who know it trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    secret = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "certificate.pem").write_bytes(made.public_bytes(encoding))
    (tmp_path / "key.pem").write_bytes(secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate.pem", tmp_path / "key.pem")
    return context


@pytest.fixture
def trusted(certificate: ssl.SSLContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """The same certificate, trusted by this process."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    return certificate


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Treat 127.0.0.1 as another machine."""
    monkeypatch.setattr(smtp, "LOCAL", frozenset())


async def test_a_message_reaches_the_server() -> None:
    """The token is in the text, and sender, recipient, date and id are in the header."""
    async with running(Server()) as server:
        await SmtpMail(f"smtp://127.0.0.1:{server.port}", SENDER).send_reset("alice@example.com", "the-token")
    (message,) = server.messages
    assert (message["From"], message["To"]) == (SENDER, "alice@example.com")
    assert message["Message-ID"].endswith("@example.com>")
    assert abs(message["Date"].datetime - now()) < timedelta(minutes=1)
    assert "the-token" in message.get_content().splitlines()
    # Python 3.13 writes these words in small letters.
    commands = [line.upper() for line in server.commands]
    assert any(line.startswith("MAIL FROM:<SHOP@EXAMPLE.COM>") for line in commands)
    assert "RCPT TO:<ALICE@EXAMPLE.COM>" in commands


async def test_the_password_of_the_url_is_decoded() -> None:
    """Characters that have a meaning in a URL are written with a percent sign."""
    async with running(Server()) as server:
        await SmtpMail(f"smtp://a%40b:p%2F%3A@127.0.0.1:{server.port}", SENDER).send_reset(
            "c@example.com", "t"
        )
    (login,) = (line for line in server.commands if line.startswith("AUTH"))
    assert base64.b64decode(login.split()[-1]) == b"\0a@b\0p/:"


@pytest.mark.usefixtures("elsewhere")
async def test_messages_to_other_machines_are_encrypted(trusted: ssl.SSLContext) -> None:
    """TLS starts before the password and the message are sent."""
    async with running(Server(trusted)) as server:
        await SmtpMail(f"smtp://a:b@127.0.0.1:{server.port}", SENDER).send_reset("a@example.com", "t")
    assert (server.encrypted, len(server.messages)) == (True, 1)
    assert server.commands.index("STARTTLS") < min(
        number for number, line in enumerate(server.commands) if line.startswith(("AUTH", "MAIL"))
    )


async def test_tls_may_start_with_the_connection(trusted: ssl.SSLContext) -> None:
    """`smtps` works, too."""
    async with running(Server(), tls=trusted) as server:
        await SmtpMail(f"smtps://127.0.0.1:{server.port}", SENDER).send_reset("a@example.com", "t")
    assert len(server.messages) == 1


@pytest.mark.usefixtures("elsewhere")
async def test_nothing_is_sent_in_the_clear_or_to_an_unknown_server(certificate: ssl.SSLContext) -> None:
    """A server without STARTTLS, or with an unknown certificate, gets neither the password nor the token."""
    for each in (Server(), Server(certificate)):
        async with running(each) as server:
            with pytest.raises(OSError, match=r"STARTTLS|certificate"):
                await SmtpMail(f"smtp://a:b@127.0.0.1:{server.port}", SENDER).send_reset("a@example.com", "t")
        assert server.messages == []
        assert not any(line.startswith(("AUTH", "MAIL")) for line in server.commands)


def test_a_failure_is_logged_and_not_told(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The answer is the same, and the log has the reason, but no address."""

    async def fail(*_: object) -> None:
        raise ConnectionRefusedError("nobody listens")

    shop.auth("register", **ALICE)
    monkeypatch.setattr(shop.mail, "send_reset", fail)
    assert shop.auth("password-resets/requests", email=ALICE["email"]).status_code == 202
    assert "nobody listens" in caplog.text
    assert ALICE["email"] not in caplog.text


@pytest.mark.parametrize(
    ("url", "sender", "reason"),
    [
        ("mail.example.com", SENDER, "smtp://user:password@host:587"),
        ("http://mail.example.com", SENDER, "smtp://user:password@host:587"),
        ("smtp://", SENDER, "smtp://user:password@host:587"),
        ("smtp://secret@host:x", SENDER, "smtp://user:password@host:587"),
        ("smtp://mail.example.com", "", "Set MAIL_FROM"),
        ("smtp://mail.example.com", "nobody", "shop@example.com"),
        ("", "a\r\nBcc: b@example.com", "shop@example.com"),
    ],
)
def test_a_wrong_setting_is_explained(url: str, sender: str, reason: str) -> None:
    """The reason says how it is written, and does not repeat the value."""
    with pytest.raises(ValidationError) as refused:
        IdentitySettings(signing_keys=SecretStr("A" * 43), smtp_url=SecretStr(url), mail_from=sender)
    assert reason in explain(refused.value)
    assert "secret@" not in explain(refused.value)
