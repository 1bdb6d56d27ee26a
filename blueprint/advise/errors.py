"""Errors in the data that users give to the model."""

from blueprint.errors import PatternError
from blueprint.needs.errors import NeedsError


class TermError(PatternError):
    """The `recommend:` section of a pattern is invalid."""

    code = "bad-terms"


class PricesError(NeedsError):
    """A price file is invalid."""

    code = "bad-prices"


class MeasurementError(NeedsError):
    """A file of measured demands is invalid."""

    code = "bad-measurement"
