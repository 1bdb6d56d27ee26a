"""How a call to another service can fail, told apart by what may have happened there."""

from ..chassis.problems import Problem


class Refused(Exception):
    """The peer understood the call and refused it (4xx): it changed nothing. `code` is the problem's name."""

    def __init__(self, service: str, status: int, code: str, detail: str) -> None:
        super().__init__(f"{service}: {status} {code}: {detail}")
        self.status = status
        self.code = code
        self.detail = detail


class Unavailable(Problem):
    """There is no answer. A caller who does not handle it answers the problem `unavailable` itself."""

    def __init__(self, service: str) -> None:
        super().__init__(503, "unavailable", f"{service} does not answer.", headers={"Retry-After": "1"})


class NotSent(Unavailable):
    """The call never reached the peer: it changed nothing."""


class CallRejected(NotSent):
    """We did not even try: the circuit is open, too many calls are under way, or the deadline has passed."""


class OutcomeUnknown(Unavailable):
    """The call was sent and not properly answered: it may have happened, or may happen still."""
