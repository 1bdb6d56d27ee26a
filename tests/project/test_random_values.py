"""Random values of a template stay as the project has them."""

import random
import string
from collections.abc import Mapping

from blueprint.project.random_values import keep_random_values
from blueprint.render import File, Tree

from .trees import tree


def kept(
    first: Mapping[str, str | bytes], second: Mapping[str, str | bytes], before: Mapping[str, str | bytes]
) -> Tree:
    """The rendering `first` with the random values that `before` has."""
    base = tree(before)
    return keep_random_values(tree(first), tree(second), base.get, [*base])


def test_a_random_value_stays() -> None:
    """A value that differs between two renderings is that of the project, also in other files."""
    result = kept(
        {"env": "A=1\nKEY=one111\nURL=db://u:one111@h\nNEW=2\n", "app": "url: one111\n", "same": "x\n"},
        {"env": "A=1\nKEY=two222\nURL=db://u:two222@h\nNEW=2\n", "app": "url: two222\n", "same": "x\n"},
        {"env": "A=0\nKEY=old000\nURL=db://u:old000@h\n", "same": "y\n"},
    )
    assert result == tree(
        {"env": "A=1\nKEY=old000\nURL=db://u:old000@h\nNEW=2\n", "app": "url: old000\n", "same": "x\n"}
    )


def test_the_text_around_a_random_value_changes() -> None:
    """A random value stays where the pattern changes the rest of its line."""
    result = kept({"f": "key = 'one111' # new\n"}, {"f": "key = 'two222' # new\n"}, {"f": "key = 'old000'\n"})
    assert result["f"].content == b"key = 'old000' # new\n"


def test_several_equal_lines_keep_their_order() -> None:
    """Values on lines that look the same stay in their places, even if the pattern inserts one."""
    before = {"f": "[a]\nid=aaa\n[b]\nid=bbb\n"}
    first, second = ("[a]\nid={}\n[new]\nid={}\n[b]\nid={}\n".format(*values) for values in ("123", "456"))
    assert (
        kept({"f": first}, {"f": second}, before)["f"].content == b"[a]\nid=aaa\n[new]\nid=2\n[b]\nid=bbb\n"
    )


def test_a_random_block_and_a_random_binary_file_stay() -> None:
    """A block whose every line is random stays, and a random binary file as a whole."""
    key = "-----BEGIN KEY-----\n{0}{0}\n{0}x\n-----END KEY-----\n"
    result = kept(
        {"pem": "# new\n" + key.format("AAA1"), "bin": b"\0one"},
        {"pem": "# new\n" + key.format("BBB2"), "bin": b"\0two"},
        {"pem": key.format("CCC3"), "bin": b"\0old"},
    )
    assert result == tree({"pem": "# new\n" + key.format("CCC3"), "bin": b"\0old"})


def test_a_file_with_a_random_name_stays() -> None:
    """A file whose name is random keeps the name that it has in the project."""
    result = kept({"keys/a11.txt": "1 new\n"}, {"keys/b22.txt": "1 new\n"}, {"keys/c33.txt": "1\n"})
    assert result == tree({"keys/c33.txt": "1 new\n"})


def test_a_new_random_value_is_taken() -> None:
    """A random value that the project does not have yet is that of the rendering."""
    assert kept({"f": "NEW=one111\n"}, {"f": "NEW=two222\n"}, {"f": "OLD=x\n"}) == tree({"f": "NEW=one111\n"})
    assert kept({"f": "NEW=one111\n"}, {"f": "NEW=two222\n"}, {}) == tree({"f": "NEW=one111\n"})


def test_any_random_values_of_the_same_version_stay() -> None:
    """Whatever the alphabet, another rendering of the same version gives what the project has."""
    source = random.SystemRandom()
    alphabets = [
        string.ascii_letters,
        string.digits,
        string.hexdigits,
        # Without @, which ends the password of a URL: two values that end with it look like a literal one.
        string.ascii_letters + "!#$%&()*+,-./<>?[]^_{|}~",
    ]
    for _ in range(300):
        alphabet = source.choice(alphabets)

        def rendered(alphabet: str = alphabet) -> str:
            one, two = ("".join(source.choices(alphabet, k=30)) for _ in range(2))
            return f"A=1\nKEY={one}\nTOKEN='{two}'\n\nURL=\"{one}\"\nsecret: {two}\n"

        before = rendered()
        assert kept({"f": rendered()}, {"f": rendered()}, {"f": before}) == {"f": File(before.encode())}
