"""Errors of the model's data."""

from blueprint.errors import PatternError
from blueprint.needs.errors import NeedsError


class TermError(PatternError):
    """A pattern's `recommend:` section cannot be understood."""

    code = "bad-terms"


class PricesError(NeedsError):
    """A price file cannot be used."""

    code = "bad-prices"
