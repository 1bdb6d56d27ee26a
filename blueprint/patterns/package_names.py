"""Package of a project: its name as a Python identifier of ASCII letters."""

import unicodedata

_LATIN = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "\u0131": "i",
        "ħ": "h",
    }
)
"""Latin letters that Unicode does not decompose into an ASCII letter and a mark."""


def package_name(project: str) -> str:
    """Return the package of `project`: `käse-laden` becomes `kase_laden`.

    Letters that are not Latin stay, so that the result of such a name is not a valid package.
    """
    decomposed = unicodedata.normalize("NFKD", project.translate(_LATIN))
    letters = "".join(character for character in decomposed if not unicodedata.combining(character))
    return letters.replace("-", "_")
