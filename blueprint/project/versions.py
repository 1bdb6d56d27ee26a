"""Which of two semantic versions is the newer one (semver.org, rule 11)."""

Key = tuple[tuple[int, ...], bool, tuple[tuple[bool, int, str], ...]]


def version_key(version: str) -> Key:
    """What to sort `version` by: the numbers; then a pre-release before its release; then the pre-release's
    words, of which numbers come first. Build metadata does not count."""
    numbers, _, words = version.partition("+")[0].partition("-")
    return tuple(map(int, numbers.split("."))), not words, tuple(map(_word_key, words.split(".")))


def _word_key(word: str) -> tuple[bool, int, str]:
    return (False, int(word), "") if word.isdecimal() else (True, 0, word)
