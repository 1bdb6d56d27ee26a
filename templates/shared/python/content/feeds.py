"""The feed of new articles (Atom, RFC 4287) and the sitemap (sitemaps.org, version 0.9)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from .domain import FeedEntry

ATOM = "application/atom+xml"
XML = "application/xml"
_ATOM_NAMESPACE = "http://www.w3.org/2005/Atom"
_SITEMAP_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
# An empty feed needs a time, too, which must not change with each read.
_EPOCH = datetime.fromtimestamp(0, UTC)


def atom(title: str, url: str, entries: Sequence[FeedEntry]) -> bytes:
    """Return the feed of the articles at `url`, the last updated first."""
    feed = Element("feed", xmlns=_ATOM_NAMESPACE)
    _add(feed, "id", f"{url}/feed.atom")
    _add(feed, "title", title)
    SubElement(feed, "link", rel="self", href=f"{url}/feed.atom")
    _add(feed, "updated", _time(entries[0].updated_at if entries else _EPOCH))
    _add(SubElement(feed, "author"), "name", title)
    for each in entries:
        entry = SubElement(feed, "entry")
        _add(entry, "id", f"urn:uuid:{each.article_id}")
        _add(entry, "title", each.title)
        SubElement(entry, "link", rel="alternate", href=f"{url}/{each.slug}")
        _add(entry, "published", _time(each.published_at))
        _add(entry, "updated", _time(each.updated_at))
        SubElement(entry, "category", term=each.category)
        _add(entry, "summary", each.summary)
    return _document(feed)


def sitemap(url: str, articles: Sequence[tuple[str, datetime]]) -> bytes:
    """Return the sitemap of the articles at `url`, given as slugs and times of their last update."""
    urls = Element("urlset", xmlns=_SITEMAP_NAMESPACE)
    for slug, updated_at in articles:
        entry = SubElement(urls, "url")
        _add(entry, "loc", f"{url}/{slug}")
        _add(entry, "lastmod", _time(updated_at))
    return _document(urls)


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")


def _document(root: Element) -> bytes:
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document
