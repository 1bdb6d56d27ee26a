"""Access logs of HAProxy: `option httplog` and `option httplog clf`."""

from .log_format import PatternFormat
from .times import COMMON, common_second, scaled

_REQUEST = r'"(?:<BADREQ>|(?P<request>[A-Z]++ [^ ?"\n]*+)[^"\n]*+|[^"\n]*+)'
_SLASHES, _SPACES = (rf"(?:-?\d++{between}){{4}}\+?(?P<duration>-?\d++)" for between in "/ ")


def haproxy_formats() -> list[PatternFormat]:
    """Return the two formats. Their last timer is the time from the request to the end of the response."""
    # The line may begin with what syslog adds. The request is not closed if the line was cut off.
    http = (
        rf".*? \[(?P<time>{COMMON})\.\d+\] \S++ [^ /\n]++/\S++ {_SLASHES} (?P<status>-?\d++) "
        rf"\+?(?P<size>\d++) \S++ \S++ \S++ [\d/+]++ [\d/]++ (?:\{{[^}}\n]*+\}} ){{0,2}}{_REQUEST}\"?"
    )
    clf = (
        rf".*?\S++ - - \[(?P<time>{COMMON} [+-]\d{{4}})\] {_REQUEST}\" (?P<status>-?\d++) \+?(?P<size>\d++) "
        rf'"[^"\n]*+" "[^"\n]*+" \d++ \d++ "[^"\n]*+" "[^"\n]*+" "[^"\n]*+" {_SPACES} ".*+'
    )
    return [
        PatternFormat("HAProxy", http, common_second, scaled(1)),
        PatternFormat("HAProxy in the common log format", clf, common_second, scaled(1)),
    ]
