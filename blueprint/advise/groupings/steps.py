"""Commands that lead a generated project from its groups to others."""

from collections.abc import Iterator

from blueprint.advise.groupings.candidates import Groups


def commands(start: Groups, target: Groups) -> list[str]:
    """Return the commands that turn the groups of a project into those of `target`, in their order.

    A group keeps its place where most of it is already. A deployable has the name of its first context, so
    all promotions come first: they may change that name.
    """
    promoted = sorted(_promoted(start, target), key=lambda name: len(_group_of(name, target)))
    remainders = ([name for name in group if name not in promoted] for group in start)
    pieces = [*filter(None, remainders), *([name] for name in promoted)]
    steps = [f"blueprint promote {name}" for name in promoted]
    for goal in target:
        into, *others = sorted((piece for piece in pieces if piece[0] in goal), key=len, reverse=True)
        steps += [f"blueprint merge {piece[0]} --into {into[0]}" for piece in others]
    return steps


def _promoted(start: Groups, target: Groups) -> Iterator[str]:
    """Yield the contexts that leave their group: those of other groups than the one that keeps its place."""
    for group in start:
        stays = max(target, key=lambda goal: len({*goal} & {*group}))
        yield from (name for name in group if name not in stays)


def _group_of(name: str, groups: Groups) -> tuple[str, ...]:
    return next(group for group in groups if name in group)
