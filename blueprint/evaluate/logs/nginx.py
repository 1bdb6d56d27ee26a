"""Access logs of NGINX in any `log_format`, and of Apache in the combined format."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from ..errors import EvidenceError
from .log_format import PatternFormat
from .times import COMMON, common_second, iso_second, scaled, unix_second

COMMON_FORMAT = '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent'
COMBINED = f'{COMMON_FORMAT} "$http_referer" "$http_user_agent"'

_DIRECTIVE = re.compile(r"""\blog_format\s+([\w.-]+)\s+((?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^;'"]+)+);""")
_STRINGS = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(\S+)""")
_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)\})")
_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)

_SECONDS = r"[\d.-]++(?: ?[,:] ?[\d.-]++)*+"
# Variables whose values have a known form: they can stand beside each other without a separator.
_FORMS: Mapping[str, str] = {
    "time_local": rf"(?P<time>{COMMON} [+-]\d{{4}})",
    "time_iso8601": r"(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d)",
    "msec": r"(?P<time>\d++)\.\d++",
    "request_method": r"(?:(?P<method>[A-Z]++)|-)?+",
    "status": r"(?P<status>\d{3})",
    "bytes_sent": r"(?P<size>\d++)",
    "body_bytes_sent": r"(?P<size>\d++|-)",
    "request_time": r"(?P<duration>[\d.]++|-)",
    "scheme": r"[a-z]++",
    **dict.fromkeys(("host", "http_host", "server_name"), r"[\w.:\[\]-]*+"),
    "server_port": r"\d++",
    "remote_port": r"\d++",
    "request_length": r"\d++",
    "connection": r"\d++",
    "connection_requests": r"\d++",
    "is_args": r"\??+",
    "pipe": r"[.p]",
}
_LISTS = ("upstream_", "http_x_forwarded_for", "proxy_add_x_forwarded_for")
"""Beginnings of the names of variables that may hold several values, with spaces between them."""
_WITHIN = r"\\\n"
_TIME_VARIABLES = ("time_local", "time_iso8601", "msec")
_TARGETS = ("request_uri", "uri", "document_uri")
_UPSTREAM_TIMES = ("upstream_connect_time", "upstream_header_time", "upstream_response_time")
_CLOCKS: Mapping[str, Callable[[bytes], int]] = {
    "time_local": common_second,
    "time_iso8601": iso_second,
    "msec": unix_second,
}


def default_formats() -> list[PatternFormat]:
    """Return the combined and the common format; more fields may follow on a line."""
    return [
        nginx_format(text, name, open_end=True)
        for name, text in (("combined", COMBINED), ("common", COMMON_FORMAT))
    ]


def formats_in(text: str) -> list[PatternFormat]:
    """Return the formats in a configuration file of NGINX, or the one format that `text` is.

    Raises EvidenceError if no format has what an evaluation needs.
    """
    definitions = list(_definitions(text))
    if not definitions and "$" not in text:
        raise EvidenceError(
            "no log_format found", hint="Name the nginx.conf file with `log_format`, or give its text."
        )
    usable, errors = [], []
    for name, form in definitions or [("given", text.strip())]:
        try:
            usable.append(nginx_format(form, name))
        except EvidenceError as error:
            errors.append(error)
    if not usable:
        raise errors[0]
    return usable


def formats_from(file_or_text: str) -> list[PatternFormat]:
    """Return the formats in a file, or in the text itself. Raises EvidenceError."""
    if "$" in file_or_text:
        return formats_in(file_or_text)
    try:
        return formats_in(Path(file_or_text).read_text("utf-8", errors="replace"))
    except OSError as error:
        hint = "Name an nginx.conf file, or give the text of a log_format."
        raise EvidenceError(f"--log-format {file_or_text}: {error.strerror}", hint=hint) from error
    except EvidenceError as error:
        raise EvidenceError(f"--log-format {file_or_text}: {error.message}", hint=error.hint) from error


def _variables(text: str) -> list[str]:
    return [match[1] or match[2] for match in _VARIABLE.finditer(text)]


def _definitions(text: str) -> Iterator[tuple[str, str]]:
    for name, body in _DIRECTIVE.findall(_COMMENT.sub("", text)):
        parts = ["".join(part) for part in _STRINGS.findall(body)]
        if parts and parts[0].startswith("escape="):
            parts = parts[1:]
        yield name, "".join(re.sub(r"\\(.)", r"\1", part) for part in parts)


def nginx_format(text: str, name: str, *, open_end: bool = False) -> PatternFormat:
    """Return the format that a `log_format` describes. Raises EvidenceError if it lacks something."""
    variables = _variables(text)
    clock = next((variable for variable in variables if variable in _CLOCKS), None)
    needed = {
        "a time ($time_local, $time_iso8601 or $msec)": clock,
        "a request ($request, or $request_method and $request_uri)": "request" in variables
        or ("request_method" in variables and any(target in variables for target in _TARGETS)),
        "a status ($status)": "status" in variables,
    }
    missing = [what for what, given in needed.items() if not given]
    if missing:
        raise EvidenceError(
            f"the log_format {name} lacks {' and '.join(missing)}",
            hint="Add it to the log_format, and log again.",
        )
    end = "(?: .*+)?" if open_end else ""
    strict, fast = (_Pattern(name, text, str(clock), within).text() + end for within in (_WITHIN, ""))
    return PatternFormat(name, strict, _CLOCKS[str(clock)], scaled(1000), fast=fast)


class _Pattern:
    """Regular expression for the lines of one `log_format`.

    No value has a character in `within`, except after a backslash; if it is empty, nothing is escaped.
    """

    def __init__(self, name: str, text: str, clock: str, within: str) -> None:
        self._name, self._text, self._clock, self._within = name, text, clock, within
        variables = _variables(text)
        self._is_split = "request" not in variables
        self._target = next((each for each in _TARGETS if each in variables), "")
        self._timer = "request_time" if "request_time" in variables else "upstream_response_time"
        self._size = "body_bytes_sent" if "body_bytes_sent" in variables else "bytes_sent"
        self._seen: set[str] = set()

    def text(self) -> str:
        parts, end = [], 0
        for match in _VARIABLE.finditer(self._text):
            parts.append(re.escape(self._text[end : match.start()]))
            end = match.end()
            parts.append(self._variable(match[1] or match[2], self._text[end:]))
        return "".join(parts) + re.escape(self._text[end:].rstrip())

    def _variable(self, name: str, rest: str) -> str:
        form = self._form(name, rest)
        # A variable may stand in a format more than once, but a group only once in a pattern.
        if name in self._seen:
            form = _without_groups(form)
        self._seen.add(name)
        return form

    def _form(self, name: str, rest: str) -> str:
        stop = _stop(rest)
        known = _FORMS.get(name)
        value = self._value(stop)
        if name == "request" and stop == r"\ ":
            return r"(?P<request>[A-Z]++ [^ ?\n]*+)[^ \n]*+(?: HTTP/[\d.]++)?+"
        if name == "request":
            return rf"(?:(?P<request>[A-Z]++ [^ ?{stop}{self._within}]*+){value}|{value})"
        if name == self._target and self._is_split:
            return rf"(?P<target>[^ ?{stop}{self._within}]*+){value}"
        if name in _UPSTREAM_TIMES:
            return rf"(?P<duration>{_SECONDS})" if name == self._timer else rf"(?:{_SECONDS})?+"
        if known:
            return known if self._counts(name) else _without_groups(known)
        if _VARIABLE.match(rest):
            raise EvidenceError(
                f"the log_format {self._name} has ${name} and the next variable without a separator",
                hint="Put a space or a quotation mark between them, and log again.",
            )
        if name == "http_user_agent":
            return rf"(?P<agent>{value})"
        if rest.startswith(" ") and name.startswith(_LISTS):
            return r"[^ \n]*+(?:(?<=,) [^ \n]*+| : [^ \n]*+)*+"
        return value

    def _value(self, stop: str) -> str:
        """Return the pattern of a value that ends before `stop`."""
        if not stop:
            return ".*+"
        plain = rf"[^{stop}{self._within}]*+"
        return rf"{plain}(?:\\.{plain})*+" if self._within else plain

    def _counts(self, name: str) -> bool:
        """Whether the field that this variable can fill is filled by it, and not by a better one."""
        if name in _TIME_VARIABLES:
            return name == self._clock
        if name in ("bytes_sent", "body_bytes_sent"):
            return name == self._size
        return name != "request_method" or self._is_split


def _stop(rest: str) -> str:
    """Return the character after a value, escaped for a character class; a value has none of it."""
    return re.escape(rest[0]) if rest else ""


def _without_groups(pattern: str) -> str:
    return re.sub(r"\(\?P<\w+>", "(?:", pattern)
