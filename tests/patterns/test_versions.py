"""Order of semantic versions, with the example of semver.org."""

from itertools import pairwise

from blueprint.patterns.versions import version_key

ORDER = [
    *("0.9.9", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2"),
    *("1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1-x", "1.0.1", "1.9.0", "1.10.0"),
]


def test_versions_are_ordered_as_the_standard_says() -> None:
    """Numbers are compared numerically, identifiers as text, and a release follows its pre-releases."""
    assert all(version_key(older) < version_key(newer) for older, newer in pairwise(ORDER))


def test_build_metadata_is_ignored() -> None:
    """Two builds of one version are equal."""
    assert version_key("1.0.0+a") == version_key("1.0.0+b")
