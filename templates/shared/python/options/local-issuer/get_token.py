"""Print an access token of a person: `python -m <package>.issuer.get_token [customer | admin] [--shop URL]`.

It does what a program does that people log in to: it registers itself, and gets a code and then a token.
"""

import argparse
import base64
import hashlib
import os
import secrets
import sys
from urllib.parse import parse_qs, urlsplit

import httpx2

from .settings import LOOPBACK

METADATA = "/.well-known/oauth-protected-resource"
# Nothing listens there: the code is read from the redirect.
REDIRECT_URI = f"http://{LOOPBACK}/token"


class Failed(Exception):
    """Why no token was issued."""


def main() -> int:
    """Print the token, or the reason for a failure; return the exit status."""
    parser = argparse.ArgumentParser(description="Print an access token of a person.")
    parser.add_argument("person", choices=("customer", "admin"), nargs="?", default="customer")
    parser.add_argument("--shop", default=f"http://{LOOPBACK}:8000", help="the address of the running shop")
    arguments = parser.parse_args()
    prefix = arguments.person.upper()
    try:
        email, password = os.environ[f"{prefix}_EMAIL"], os.environ[f"{prefix}_PASSWORD"]
        print(token(issuer_of(arguments.shop), email, password))
    except KeyError as missing:
        print(f"{missing.args[0]} is not set. Set it in .env.", file=sys.stderr)
    except httpx2.TransportError as error:
        print(f"{error.request.url} does not answer. Start the shop with `make run`.", file=sys.stderr)
    except Failed as reason:
        print(reason, file=sys.stderr)
    else:
        return 0
    return 1


def issuer_of(shop: str) -> str:
    """Return the address of the local issuer that the shop names in its metadata (RFC 9728)."""
    response = httpx2.get(f"{shop}{METADATA}", trust_env=False)
    if response.status_code != 200:
        raise Failed(f"{shop}{METADATA} answers with status {response.status_code}. Check the address.")
    issuer = str(response.json()["authorization_servers"][0])
    if urlsplit(issuer).hostname != LOOPBACK:
        raise Failed(f"{shop} has the issuer {issuer}. This command logs in at a local issuer only.")
    return issuer


def token(issuer: str, email: str, password: str, scope: str | None = None) -> str:
    """Return an access token of the person with this email address and password."""
    with httpx2.Client(base_url=issuer, trust_env=False) as http:
        metadata = {"client_name": "get_token", "redirect_uris": [REDIRECT_URI]}
        client_id = http.post("/register", json=metadata).raise_for_status().json()["client_id"]
        verifier, state = secrets.token_urlsafe(32), secrets.token_urlsafe(16)
        digest = hashlib.sha256(verifier.encode()).digest()
        request = {
            "response_type": "code",
            "client_id": client_id,
            "redirect_uri": REDIRECT_URI,
            "state": state,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        if scope is not None:
            request["scope"] = scope
        response = http.post("/authorize", params=request, data={"email": email, "password": password})
        if response.status_code != 303:
            raise Failed(f"{issuer} refuses the login of {email}. Is the password in .env that of its start?")
        answer = parse_qs(urlsplit(response.headers["Location"]).query)
        if answer["state"] != [state] or answer["iss"] != [issuer]:
            raise Failed("The code answers another request.")
        form = {
            "grant_type": "authorization_code",
            "client_id": client_id,
            "code": answer["code"][0],
            "redirect_uri": REDIRECT_URI,
            "code_verifier": verifier,
        }
        return str(http.post("/token", data=form).raise_for_status().json()["access_token"])


if __name__ == "__main__":
    sys.exit(main())
