"""Folding of texts: those that differ only in case, or in how their accents are encoded, become equal."""

from unicodedata import normalize


def folded(text: str) -> str:
    """Return the text in one case and one encoding; databases disagree on which letters are equal."""
    # Decomposed first, because the case of some accents depends on their order.
    return normalize("NFC", normalize("NFD", text).casefold())
