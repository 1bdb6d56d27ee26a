"""Tests of security.txt (RFC 9116)."""

import re

from fastapi import FastAPI
from fastapi.testclient import TestClient

from ..serving import security_txt


def test_it_names_a_contact_and_a_date() -> None:
    """People and scanners find both at the path and with the media type of the RFC."""
    app = FastAPI()
    app.include_router(security_txt.router())
    response = TestClient(app).get("/.well-known/security.txt")
    assert (response.status_code, response.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    fields = dict(re.findall(r"(?m)^([A-Z][\w-]+): (.+)$", response.text))
    assert fields.keys() >= {"Contact", "Expires"}
