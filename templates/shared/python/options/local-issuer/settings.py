"""Settings of the local issuer."""

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
