"""Errors of calls to other services, distinguished by whether the call may have had an effect."""

from ..problems import Problem


class Refused(Exception):
    """The provider refused the call (4xx) and changed nothing. `code` is the name of the problem."""

    def __init__(self, service: str, status: int, code: str, detail: str) -> None:
        super().__init__(f"{service}: {status} {code}: {detail}")
        self.status = status
        self.code = code
        self.detail = detail


class Unavailable(Problem):
    """There is no response. Unless handled, it makes the caller respond with the problem `unavailable`."""

    def __init__(self, service: str) -> None:
        detail = f"{service} is not responding. Try again later."
        super().__init__(503, "unavailable", detail, headers={"Retry-After": "1"})


class NotSent(Unavailable):
    """The call did not reach the provider, and changed nothing."""


class CallRejected(NotSent):
    """The call was not attempted: the circuit is open, too many calls are in progress, or the deadline has
    passed."""


class OutcomeUnknown(Unavailable):
    """The call was sent but not properly answered: it may have taken effect, or still may."""
