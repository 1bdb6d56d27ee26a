"""Words of texts, as every database indexes them."""

import re
import unicodedata

from chassis.folding import folded

LONGEST = 40
# Ideographs and hiragana: each is a word, because no spaces separate words that are written with them.
_ALONE = "\u3005-\u3007\u3041-\u3096\u309d-\u309f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# In a text of letters, marks, numbers and spaces only, all but marks begin a word.
_WORD = re.compile(rf"[{_ALONE}][^\w ]*|\w[^{_ALONE} ]*")
_VARIATIONS = re.compile("[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_ZERO_WIDTH_SPACE = "\u200b"


def words(*texts: str) -> list[str]:
    """Return the words of the texts, each once and in one case; long ones are cut.

    A word is letters, numbers and underscores with their marks. Compatible characters are equal, such as
    full-width letters and superscripts, and invisible ones do not count.
    """
    spaced = (_spaced(unicodedata.normalize("NFKD", _spaced(text))) for text in texts)
    found = (word[:LONGEST] for text in spaced for word in _WORD.findall(folded(text)))
    return list(dict.fromkeys(found))


def _spaced(text: str) -> str:
    return text.translate({ord(each): _part(each) for each in set(text)})


def _part(character: str) -> str:
    category = unicodedata.category(character)
    if _VARIATIONS.match(character) or (category == "Cf" and character != _ZERO_WIDTH_SPACE):
        return ""
    return character if character == "_" or category[0] in "LMN" else " "
