"""Prints the OpenAPI document of the service on the path: `provider_openapi.py PACKAGE SERVICE`."""

import asyncio
import sys
from importlib import import_module

import httpx2


async def document(package: str, service: str) -> str:
    """Return the document of the service's internal routes."""
    transport = httpx2.ASGITransport(app=import_module(f"{package}.{service}_service.main").create())
    async with httpx2.AsyncClient(transport=transport, base_url="http://service") as http:
        return (await http.get("/internal/openapi.json")).raise_for_status().text


if __name__ == "__main__":
    print(asyncio.run(document(*sys.argv[1:])))
