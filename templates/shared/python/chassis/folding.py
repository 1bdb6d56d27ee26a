"""The form of texts in which they are equal if they differ only in case or in how their accents are encoded."""

from unicodedata import normalize


def folded(text: str) -> str:
    """Return the text in one case and one encoding; databases disagree on which letters are equal."""
    # Decomposed first, because the case of some accents depends on their order.
    return normalize("NFC", normalize("NFD", text).casefold())
