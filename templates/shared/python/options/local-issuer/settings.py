"""Settings of the local issuer."""

import re
from urllib.parse import urlsplit

from pydantic import SecretStr, field_validator

from chassis.settings import Settings, is_url

LOOPBACK = "127.0.0.1"


class IssuerSettings(Settings):
    """The issuer's address, the audience of its tokens, the administrator's client, and the accounts.

    Without a password, an account cannot log in. `docs_urls` are addresses, separated by commas, of programs
    whose page /docs may log people in.
    """

    oidc_issuer: str
    oidc_audience: str = "shop"
    oidc_admin_role: str = "admin"
    admin_client_id: str = "admin"
    admin_client_secret: SecretStr
    admin_email: str = "admin@example.com"
    admin_password: SecretStr | None = None
    customer_email: str = "customer@example.com"
    customer_password: SecretStr | None = None
    docs_urls: str = "http://127.0.0.1:8000"

    @field_validator("admin_email", "customer_email")
    @classmethod
    def _are_emails(cls, email: str) -> str:
        if not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
            raise ValueError("an email address is written like name@example.com")
        return email

    @field_validator("docs_urls")
    @classmethod
    def _are_urls(cls, urls: str) -> str:
        if not all(is_url(each.strip(), "http", "https") for each in urls.split(",")):
            raise ValueError("each address is written like http://127.0.0.1:8000, and commas separate them")
        return urls

    @field_validator("oidc_issuer")
    @classmethod
    def _is_local(cls, issuer: str) -> str:
        if not is_url(issuer, "http") or issuer != f"http://{LOOPBACK}:{urlsplit(issuer).port}":
            raise ValueError(f"the local issuer must be at http://{LOOPBACK}:<port>")
        return issuer

    @property
    def port(self) -> int:
        """The port to serve on."""
        port = urlsplit(self.oidc_issuer).port
        assert port is not None
        return port
