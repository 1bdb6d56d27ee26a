"""Entity tags and the conditions on them (RFC 9110, sections 8.8.3 and 13.1)."""

import re

_TAG = re.compile(r'(W/)?"([^"]*)"')


def none_match(condition: str | None, tag: str) -> bool:
    """Whether `If-None-Match: condition` requires sending a response with the entity tag `tag` (quoted)."""
    if condition is None:
        return True
    if condition.strip() == "*":
        return False
    return tag not in {f'"{opaque}"' for _, opaque in _TAG.findall(condition)}


def versions_matching(condition: str | None) -> set[int] | None:
    """Return the versions that `If-Match: condition` allows to be changed; None for any version."""
    if condition is None or condition.strip() == "*":
        return None
    strong = (opaque for weak, opaque in _TAG.findall(condition) if not weak)
    return {int(opaque) for opaque in strong if re.fullmatch("[1-9][0-9]{0,8}", opaque)}
