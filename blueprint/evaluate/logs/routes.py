"""Routes: paths with their variable parts replaced, so that their number stays small."""

import re
from collections import defaultdict

OPEN_FROM = 60
"""Different names in one place of a path from which on they count as a variable part."""
MAX_SEGMENTS = 8
MAX_PLACES = 1_000
"""Places whose names are remembered; in others, all names are variable: a scan must not fill the memory."""

_PLAIN_IDS = re.compile(r"/(?:(\d+)|([0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}))(?=/|$)")
_UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
_ID = re.compile(
    r"\d+|[A-Z]{1,5}[-_]?\d{2,}|[a-z]{1,5}[-_]\d{2,}|(?=.*\d)[0-9a-f]{8,}|(?=.*\d)(?=.*[A-Za-z])[\w-]{20,}|"
    r"[\w.+-]+(?:@|%40)[\w.-]+"
)
_SLUG = re.compile(r"[\w%.~-]+-\d+|\d+-[\w%.~-]+|[\w%.~]+(?:-[\w%.~]+){3,}")


class Routes:
    """Turns paths into routes, and learns which parts of paths vary.

    Numbers, UUIDs and other ids, and long slugs are recognized by their form. Any other part is variable if
    OPEN_FROM different values were seen in its place: it may be a short slug. Email addresses are replaced.
    """

    def __init__(self) -> None:
        self._names: dict[str, set[str]] = defaultdict(set)
        self._open: set[str] = set()

    def route(self, path: str) -> str:
        """Return the route of a path as far as it is known by now; ask again after the last path."""
        route = ""
        for segment in path.strip("/").split("/")[:MAX_SEGMENTS]:
            route += f"/{self._part(route, segment)}"
        return route

    def _part(self, place: str, segment: str) -> str:
        if segment in ("{id}", "{uuid}"):
            return segment
        if _UUID.fullmatch(segment):
            return "{uuid}"
        if _ID.fullmatch(segment):
            return "{id}"
        if place in self._open or _SLUG.fullmatch(segment):
            return "{slug}"
        if place not in self._names and len(self._names) >= MAX_PLACES:
            return "{slug}"
        names = self._names[place]
        names.add(segment)
        if len(names) > OPEN_FROM:
            self._open.add(place)
            names.clear()
            return "{slug}"
        return segment


def without_ids(path: str) -> str:
    """Return a path with its numbers and UUIDs replaced: much faster than the whole route."""
    return _PLAIN_IDS.sub(lambda match: "/{id}" if match[1] else "/{uuid}", path)


def module_of(route: str) -> str:
    """Return the module of a route: its first name that is not a prefix such as /api, /v1 or /en."""
    names = [segment for segment in route.split("/") if segment and segment[0] != "{"]
    return next((name for name in names if not _PREFIX.fullmatch(name)), names[0] if names else "/")


_PREFIX = re.compile(r"api|rest|v\d+(?:\.\d+)?|public|internal|[a-z]{2}(?:[-_][A-Za-z]{2})?")
