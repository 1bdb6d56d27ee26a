"""Renew the images of others that templates name, as their registries have them now.

`make images` writes the newest patch release of each image, and prints what else is newer. `make images
NEWEST=redis` moves the named images to it: another minor version can be another kind of release, and a
database needs more for it than another tag. Tags are compared with those that differ only in their numbers.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import httpx2

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
ENDINGS = {".yaml", ".jinja"}
IMAGE = re.compile(
    r"""(?<=[ "'])((?:[a-z0-9.-]+(?::\d+)?/)*[a-z0-9._-]+):(v?\d+\.\d+(?:[\w.-]*\w)?)(?=["'\s])"""
)
DOCKER_HUB = "registry-1.docker.io"
FIXED = 2
"""How many numbers of a version stay the same in a patch release."""


@dataclass(frozen=True)
class Newest:
    """The newest tags like another one: with the same minor version, and with any."""

    patch: str
    any: str


def main(arguments: list[str] | None = None, templates: Path = TEMPLATES) -> int:
    """Renew the tags in the templates and return the exit code."""
    parser = argparse.ArgumentParser(description="Renew the images of others that templates name.")
    parser.add_argument("newest", nargs="*", help="names of images to move to the newest version")
    names = set(parser.parse_args(arguments).newest)
    texts = {path: path.read_text() for path in sorted(templates.rglob("*")) if path.suffix in ENDINGS}
    renewed = {}
    with httpx2.Client(timeout=60, follow_redirects=True) as client:
        for name, tag in sorted({found for text in texts.values() for found in IMAGE.findall(text)}):
            try:
                found = newest(tag, _tags(client, name))
            except httpx2.HTTPError as error:
                sys.exit(f"There are no tags of {name}, so nothing was changed: {error}")
            renewed[name, tag] = found.any if name in names else found.patch
            _report(name, tag, renewed[name, tag], found)
    for path, text in texts.items():
        path.write_text(_replaced(text, renewed))
    return 0


def newest(tag: str, tags: Iterable[str]) -> Newest:
    """Return the newest of these tags, and of this one, that differ from it only in their numbers."""
    parts = re.split(r"(\d+)", tag)
    alike = re.compile("".join(r"(\d+)" if each.isdigit() else re.escape(each) for each in parts))
    versions = {_numbers(found): found[0] for each in [tag, *tags] if (found := alike.fullmatch(each))}
    current = tuple(int(each) for each in parts if each.isdigit())
    patches = (each for each in versions if each[:FIXED] == current[:FIXED])
    return Newest(versions[max(patches)], versions[max(versions)])


def _numbers(found: re.Match[str]) -> tuple[int, ...]:
    return tuple(int(each) for each in found.groups())


def _report(name: str, tag: str, new: str, found: Newest) -> None:
    changed = f"{name}:{tag}" + (f" -> {new}" if new != tag else "")
    print(changed + (f" (newest: {found.any})" if found.any != new else ""))


def _replaced(text: str, renewed: Mapping[tuple[str, str], str]) -> str:
    return IMAGE.sub(lambda found: f"{found[1]}:{renewed[found[1], found[2]]}", text)


def _tags(client: httpx2.Client, name: str) -> Iterator[str]:
    """Yield the tags of an image, by the API that all registries have."""
    host, _, path = name.partition("/")
    if not path or not {".", ":"} & set(host):
        host, path = DOCKER_HUB, name if path else f"library/{name}"
    # As for Docker, a registry on this machine needs no certificate.
    scheme = "http" if host.startswith("127.0.0.1:") else "https"
    url = f"{scheme}://{host}/v2/{path}/tags/list?n=1000"
    headers: dict[str, str] = {}
    while url:
        answer = client.get(url, headers=headers)
        if answer.status_code == httpx2.codes.UNAUTHORIZED and not headers:
            headers = {"Authorization": f"Bearer {_token(client, answer.headers['WWW-Authenticate'])}"}
            continue
        yield from answer.raise_for_status().json()["tags"]
        url = urljoin(url, answer.links["next"]["url"]) if "next" in answer.links else ""


def _token(client: httpx2.Client, challenge: str) -> str:
    """Return a token for reading, which registries give to everyone."""
    fields = dict(re.findall(r'(\w+)="([^"]*)"', challenge))
    token: str = client.get(fields.pop("realm"), params=fields).raise_for_status().json()["token"]
    return token


if __name__ == "__main__":
    sys.exit(main())
