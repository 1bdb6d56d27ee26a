"""Tokens that are longer than 8 KiB, through what routes requests to a shop in a cluster."""

import http.client
import os
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.generated.projects import tree_of
from tests.servers.process import free_port, listening, program, running

pytestmark = pytest.mark.slow
TOKEN = "a" * 12 * 1024
# As the controllers do: the shop is one of several names behind one address.
NGINX = """
pid {folder}/pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {setting}
    server {{
        listen 127.0.0.1:{port} default_server;
        return 404;
    }}
    server {{
        listen 127.0.0.1:{port};
        server_name shop;
        return 204;
    }}
}}
"""
HAPROXY = """
defaults
    mode http
    timeout client 9s
    timeout server 9s
    timeout connect 9s
frontend edge
    bind 127.0.0.1:{port}
    http-request return status 204
"""


@pytest.mark.parametrize(
    ("routing", "file"), [("ingress", "base/ingress.yaml"), ("gateway", "gateway/production.yaml")]
)
def test_nginx_accepts_them_with_the_setting_of_the_manifest(tmp_path: Path, routing: str, file: str) -> None:
    """NGINX refuses a token of 12 KiB without the setting that the manifest names, and accepts it with it."""
    setting = re.search(r"large_client_header_buffers [^;]+;", manifest(routing, "oauth2", file))
    assert setting
    with nginx(tmp_path, "") as port:
        assert status(port) == 400
    with nginx(tmp_path, setting[0]) as port:
        assert status(port) == 204


def test_haproxy_accepts_them(tmp_path: Path) -> None:
    """HAProxy accepts a token of 12 KiB without a setting."""
    port, configuration = free_port(), tmp_path / "haproxy.cfg"
    configuration.write_text(HAPROXY.format(port=port))
    command = [program("haproxy"), "-db", "-f", str(configuration)]
    with running(command, ready=lambda: listening(port), log=tmp_path / "log"):
        assert status(port) == 204


def test_tokens_of_the_shop_itself_need_no_setting() -> None:
    """A shop that signs its tokens says nothing about long ones."""
    for routing, file in (("ingress", "base/ingress.yaml"), ("gateway", "gateway/production.yaml")):
        assert "large_client_header_buffers" not in manifest(routing, "jwt", file)


def manifest(routing: str, auth: str, file: str) -> str:
    """Return a manifest of a monolith behind NGINX."""
    options: dict[str, Any] = {"routing": routing, "auth": auth, "load_balancer": "nginx"}
    return tree_of(options)[f"deploy/kubernetes/{file}"].content.decode()


@contextmanager
def nginx(folder: Path, setting: str) -> Iterator[int]:
    """Run NGINX with a setting for all servers; yield its port."""
    port, configuration = free_port(), folder / "nginx.conf"
    configuration.write_text(NGINX.format(folder=folder, setting=setting, port=port))
    # As root, its workers would run as `nobody`, who cannot write to this folder.
    user = "user root; " if os.geteuid() == 0 else ""
    command = [program("nginx"), "-c", str(configuration), "-g", f"{user}daemon off;"]
    with running(command, ready=lambda: listening(port), log=folder / "log"):
        yield port


def status(port: int) -> int:
    """Return the status of a request to the shop with a long token."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with closing(connection):
        connection.request("GET", "/v1/cart", headers={"Host": "shop", "Authorization": f"Bearer {TOKEN}"})
        return connection.getresponse().status
