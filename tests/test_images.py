"""`make images` renews the images of others in templates, as registries have them."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tools import images

TAGS = [
    ["latest", "8.10.1-alpine", "8.10.9-alpine", "8.10.10-alpine", "8.10.11"],
    ["8.11.0-alpine", "9.0.0-alpine", "9.1.0-rc1-alpine"],
]
"""Tags of an image, by page."""


class Registry(BaseHTTPRequestHandler):
    """Registry that has one image, and shows its tags to those who have a token."""

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = parse_qs(url.query)
        here = f"http://127.0.0.1:{self.server.server_port}"  # type: ignore[attr-defined]
        if url.path == "/token":
            self._answer(200, {"token": f"read {query['scope'][0]}"})
        elif url.path != "/v2/redis/tags/list":
            self._answer(404, {})
        elif self.headers["Authorization"] != "Bearer read repository:redis:pull":
            challenge = f'Bearer realm="{here}/token",service="tests",scope="repository:redis:pull"'
            self._answer(401, {}, ("WWW-Authenticate", challenge))
        elif "last" in query:
            self._answer(200, {"tags": TAGS[1]})
        else:
            self._answer(200, {"tags": TAGS[0]}, ("Link", '</v2/redis/tags/list?last=x&n=1000>; rel="next"'))

    def log_message(self, *_args: object) -> None:
        """Log nothing."""

    def _answer(self, status: int, content: object, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())


@contextmanager
def registry() -> Iterator[str]:
    """Run the registry while the block runs; yield its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("arguments", "expected"), [((), "8.10.10-alpine"), (("redis",), "9.0.0-alpine")], ids=["patch", "any"]
)
def test_tags_are_renewed(
    arguments: tuple[str, ...], expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The newest patch release is written, or the newest of all if the image is named; all else stays."""
    with registry() as address:
        file = tmp_path / "compose.yaml.jinja"
        text = (
            f'# not {address}/redis:8.10.1-alpine.\n  image: {address}/redis:TAG\n  - "{address}/redis:TAG"\n'
        )
        file.write_text(text.replace("TAG", "8.10.1-alpine"))
        assert images.main([f"{address}/{each}" for each in arguments], tmp_path) == 0
    assert file.read_text() == text.replace("TAG", expected)
    more = "" if arguments else " (newest: 9.0.0-alpine)"
    assert capsys.readouterr().out == f"{address}/redis:8.10.1-alpine -> {expected}{more}\n"


def test_nothing_is_written_if_a_registry_does_not_know_an_image(tmp_path: Path) -> None:
    """The error names the image, and the address that was asked."""
    with registry() as address:
        file = tmp_path / "compose.yaml"
        file.write_text(f"  image: {address}/redis:8.10.1-alpine\n  image: {address}/nothing:1.0\n")
        with pytest.raises(SystemExit, match=r"no tags of 127.*nothing.*404"):
            images.main([], tmp_path)
        assert "8.10.1-alpine" in file.read_text()


def test_all_kinds_of_files_are_read() -> None:
    """Images are found in Compose files, manifests, workflows and the settings of patterns."""
    paths = (path for path in images.TEMPLATES.rglob("*") if path.suffix in images.ENDINGS)
    found = {name for path in paths for name, _ in images.IMAGE.findall(path.read_text())}
    assert {"caddy", "python", "eclipse-temurin", "mysql", "quay.io/prometheus/prometheus"} <= found
    assert all(re.search(r"[a-z]", each) and "localhost" not in each for each in found), found
