"""The local issuer of a generated shop, at an address that containers reach.

It runs with the sources of the shop: `granian --interface asgi --factory issuer:create`. The shop's own
command allows no address but 127.0.0.1, so the settings are made without their checks.
"""

import os
from importlib import import_module
from typing import Any

from pydantic import SecretStr


def create() -> Any:
    """Return the application of the issuer OIDC_ISSUER, whose administrator has ADMIN_CLIENT_SECRET."""
    issuer = f"{os.environ['PACKAGE']}.issuer"
    settings = import_module(f"{issuer}.settings").IssuerSettings.model_construct(
        oidc_issuer=os.environ["OIDC_ISSUER"],
        admin_client_secret=SecretStr(os.environ["ADMIN_CLIENT_SECRET"]),
    )
    return import_module(f"{issuer}.app").LocalIssuer(settings).app()
