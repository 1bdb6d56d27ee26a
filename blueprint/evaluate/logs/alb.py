"""Access logs of an Application Load Balancer of AWS."""

from .log_format import PatternFormat
from .times import iso_second, scaled


def alb_format() -> PatternFormat:
    """Return the format. Fields that AWS has added at the end of the line are not read.

    The duration is the sum of three: until the load balancer has sent the request on, until the target
    answers, and until the client has the response. Each is -1 if it was not reached.
    """
    pattern = (
        r"(?:https?|h2|grpcs?|wss?) (?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d++Z \S++ \S++ \S++ "
        r"(?P<duration>[\d.-]++ [\d.-]++ [\d.-]++) (?P<status>\S++) \S++ \S++ (?P<size>\d++) "
        r'"(?:- |(?P<request>[A-Z]++ [^ ?"\n]*+))[^"\n]*+" "(?P<agent>[^"\n]*+)".*+'
    )
    return PatternFormat("AWS ALB", pattern, iso_second, _milliseconds)


_seconds = scaled(1000)


def _milliseconds(text: bytes) -> float:
    if b"-1" in text:
        raise ValueError(text)
    return _seconds(text)
