"""What the invariants mean for content: a slug is of one article, and publications never change."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from .result import Finding, Report


@dataclass(frozen=True, slots=True)
class AuditedPublication:
    """A publication of a version, with its slug, and the hashes of its content at that time and now."""

    article_id: UUID
    version: int
    slug: str
    published_digest: bytes
    present_digest: bytes


@dataclass(frozen=True, slots=True)
class ContentSnapshot:
    """Publications, the article of each slug that was public, and the public version of each article."""

    publications: list[AuditedPublication]
    slugs: dict[str, UUID]
    public: dict[UUID, int]


def add_content(report: Report, snapshot: ContentSnapshot) -> Report:
    """Return the report with the findings about content."""
    invariants = dict(report.invariants)
    for name, check in (("I6", _slugs_answer_once), ("I7", _publications_do_not_change)):
        violations = [*invariants[name].violations, *check(snapshot)]
        invariants[name] = Finding(not violations, violations)
    return replace(
        report,
        ok=all(finding.ok for finding in invariants.values()),
        invariants=invariants,
        counts={**report.counts, "articles_public": len(snapshot.public)},
    )


def _slugs_answer_once(snapshot: ContentSnapshot) -> Iterator[str]:
    for each in snapshot.publications:
        owner = snapshot.slugs.get(each.slug)
        if owner != each.article_id:
            yield f"the slug {each.slug} of article {each.article_id} belongs to {owner or 'no article'}"


def _publications_do_not_change(snapshot: ContentSnapshot) -> Iterator[str]:
    for each in snapshot.publications:
        if each.present_digest != each.published_digest:
            yield f"version {each.version} of article {each.article_id} has changed since its publication"
    published = {(each.article_id, each.version) for each in snapshot.publications}
    for article_id, version in snapshot.public.items():
        if (article_id, version) not in published:
            yield f"version {version} of article {article_id} is public but was never published"
