"""Articles that an event-driven project announced, as consumers in Python read them.

python announced.py BUS_URL, in the folder of an event-driven content site in Python.
Prints how many events of each type the topic has.
"""

import json
import sys
from collections import Counter
from importlib import import_module
from typing import Any


def main() -> None:
    """Decode each event as its type, compare its key with its article, and print the counts."""
    domain, json_of = import_module("corner_shop.content.domain"), import_module("msgspec").json
    counts: Counter[str] = Counter()
    messages: Any = import_module("tests.messages").Messages(sys.argv[1])
    for event in messages.events():
        article = json_of.decode(event.data, type=getattr(domain, event.type))
        if str(article.article_id) != event.key:
            raise SystemExit(f"the key {event.key} is not the id of {article}")
        counts[event.type] += 1
    print(json.dumps(counts))


if __name__ == "__main__":
    main()
