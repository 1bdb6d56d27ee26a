"""Protected-resource metadata (RFC 9728), by which a client finds the issuer."""

import msgspec
from fastapi import APIRouter, Response

from chassis.auth.module import METADATA_PATH
from chassis.http.replies import reply_bytes


def router(resource: str, issuer: str, scopes: list[str]) -> APIRouter:
    """Return the route with the metadata of `resource`, the shop's public address."""
    routes = APIRouter(tags=["identity"])
    document = {"resource": resource, "authorization_servers": [issuer], "scopes_supported": scopes}
    body = msgspec.json.encode(document)
    headers = {"Cache-Control": "public, max-age=300"}

    @routes.get(METADATA_PATH)
    async def metadata() -> Response:
        """Return the issuer of tokens for this shop."""
        return reply_bytes(body, headers=headers)

    return routes
