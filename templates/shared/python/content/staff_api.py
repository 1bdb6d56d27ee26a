"""HTTP API of writing and publishing, for authors, editors and administrators."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Response
from pydantic import AfterValidator, Field, StringConstraints

from chassis.auth.security import ADMIN, Caller, role
from chassis.http.paging import Cursor, Limit, Page
from chassis.http.replies import reply
from chassis.http.requests import Body, Digits, Id, Moment, Text

from .domain import ArticleState, Content, Draft, Media, Member, Role, Version
from .publication import Publications
from .service import Articles, Difference, ListedArticle, ListedVersion
from .slugs import LONGEST, SLUG
from .staff import Staff
from .tags import versions_matching

Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=LONGEST)]
# Not every character may be in a feed (XML 1.0, section 2.2).
_PRINTABLE = r"[^\x00-\x1f\x7f\ufffe\uffff]"
_URL = r"^https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[!-~]*)?$"
Line = Annotated[str, StringConstraints(pattern=f"^{_PRINTABLE}*$", max_length=1000)]
Title = Annotated[str, StringConstraints(pattern=f"^{_PRINTABLE}+$", max_length=200)]
Url = Annotated[str, StringConstraints(pattern=_URL, max_length=1000)]
Number = Annotated[int, Path(ge=1, le=999_999_999), Digits]
Against = Annotated[int, Query(ge=1, le=999_999_999), Digits]
MOST_LINES = 4000
CHANGED: dict[int | str, dict[str, Any]] = {200: {"model": Draft}, 404: {}, 409: {}, 412: {}}


def _revisions(if_match: Annotated[str | None, Header()] = None) -> set[int] | None:
    return versions_matching(if_match)


# The revisions of an article that a request may change; None for any.
Revisions = Annotated[set[int] | None, Depends(_revisions)]


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("In UTC, this time is outside of the calendar.") from None


def _of_few_lines(text: str) -> str:
    # The time to compare two versions grows with the third power of their lines.
    # 4,000 take a third of a second.
    if text.count("\n") >= MOST_LINES:
        raise ValueError(f"A text has at most {MOST_LINES:,} lines.")
    return text


class MediaReference(Body):
    """A reference to an image, a video or a sound, and the text that stands for it."""

    url: Url
    alt: Line


class ArticleContent(Body):
    """What an article says. `body` is Markdown, of 4,000 lines at most; the slug is its name in addresses."""

    slug: Slug
    title: Title
    summary: Line
    body: Annotated[Text, StringConstraints(max_length=60_000), AfterValidator(_of_few_lines)]
    category: Slug
    media: list[MediaReference] = Field(default_factory=list, max_length=20)

    def content(self) -> Content:
        """Return the content in the domain's terms."""
        media = [Media(each.url, each.alt) for each in self.media]
        return Content(self.slug, self.title, self.summary, self.body, self.category, media)


class PublicationTime(Body):
    """When an article is published; without a time, at once."""

    at: Annotated[Moment, AfterValidator(_in_utc), Field(strict=False)] | None = None


class StaffRole(Body):
    """The role of a member of the staff."""

    role: Annotated[Role, Field(strict=False)]


def router(articles: Articles, publications: Publications, staff: Staff) -> APIRouter:
    """Return the routes of authors, editors and administrators, below `/v1/content`."""
    routes = APIRouter(prefix="/v1/content", tags=["content"])
    admin = role(ADMIN)

    @routes.get("/articles", responses={200: {"model": Page[ListedArticle]}, 400: {}})
    async def list_drafts(
        caller: Caller, state: ArticleState | None = None, cursor: Cursor = None, limit: Limit = 20
    ) -> Response:
        """Return the articles that the caller may change, the newest first."""
        return reply(await articles.page(await staff.member(caller), state, cursor, limit))

    @routes.post("/articles", status_code=201, responses={201: {"model": Draft}, 409: {}})
    async def create_article(body: ArticleContent, caller: Caller) -> Response:
        """Create an article, as a draft."""
        draft = await articles.create(await staff.member(caller), body.content())
        return _draft(draft, 201, {"Location": f"/v1/content/articles/{draft.article.id}"})

    @routes.get("/articles/{article_id}", responses={200: {"model": Draft}, 404: {}})
    async def read_draft(article_id: Id, caller: Caller) -> Response:
        """Return an article with its newest content."""
        return _draft(await articles.read(await staff.member(caller), article_id))

    @routes.put("/articles/{article_id}", responses=CHANGED)
    async def save_article(
        article_id: Id, body: ArticleContent, caller: Caller, revisions: Revisions
    ) -> Response:
        """Save another version of an article, which is a draft then."""
        return _draft(await articles.save(await staff.member(caller), article_id, body.content(), revisions))

    @routes.post("/articles/{article_id}/submit", responses=CHANGED)
    async def submit_article(article_id: Id, caller: Caller, revisions: Revisions) -> Response:
        """Ask the editors to review a draft."""
        return _draft(await articles.submit(await staff.member(caller), article_id, revisions))

    @routes.post("/articles/{article_id}/send-back", responses=CHANGED)
    async def send_back_article(article_id: Id, caller: Caller, revisions: Revisions) -> Response:
        """Make an article in review, or a scheduled one, a draft again."""
        return _draft(await publications.send_back(await staff.member(caller), article_id, revisions))

    @routes.post("/articles/{article_id}/publish", responses=CHANGED)
    async def publish_article(
        article_id: Id, body: PublicationTime, caller: Caller, revisions: Revisions
    ) -> Response:
        """Publish a reviewed article, at once or at a later time."""
        return _draft(await publications.publish(await staff.member(caller), article_id, body.at, revisions))

    @routes.post("/articles/{article_id}/withdraw", responses=CHANGED)
    async def withdraw_article(article_id: Id, caller: Caller, revisions: Revisions) -> Response:
        """Make a published article disappear for readers."""
        return _draft(await publications.withdraw(await staff.member(caller), article_id, revisions))

    @routes.get(
        "/articles/{article_id}/versions", responses={200: {"model": Page[ListedVersion]}, 400: {}, 404: {}}
    )
    async def list_versions(
        article_id: Id, caller: Caller, cursor: Cursor = None, limit: Limit = 20
    ) -> Response:
        """Return the versions of an article, the newest first."""
        return reply(await articles.versions(await staff.member(caller), article_id, cursor, limit))

    @routes.get("/articles/{article_id}/versions/{number}", responses={200: {"model": Version}, 404: {}})
    async def read_version(article_id: Id, number: Number, caller: Caller) -> Response:
        """Return a version of an article."""
        return reply(await articles.version(await staff.member(caller), article_id, number))

    @routes.get(
        "/articles/{article_id}/versions/{number}/diff", responses={200: {"model": Difference}, 404: {}}
    )
    async def diff_versions(article_id: Id, number: Number, against: Against, caller: Caller) -> Response:
        """Return what changed from the version `against` to this one, as a unified diff."""
        return reply(await articles.diff(await staff.member(caller), article_id, against, number))

    @routes.post("/articles/{article_id}/versions/{number}/restore", responses=CHANGED)
    async def restore_version(
        article_id: Id, number: Number, caller: Caller, revisions: Revisions
    ) -> Response:
        """Save the content of a version again, as the newest version."""
        return _draft(await articles.restore(await staff.member(caller), article_id, number, revisions))

    @routes.get("/staff", responses={200: {"model": list[Member]}}, dependencies=[admin])
    async def list_staff() -> Response:
        """Return all authors and editors."""
        return reply(await staff.members())

    @routes.put("/staff/{user_id}", responses={200: {"model": Member}}, dependencies=[admin])
    async def put_member(user_id: Id, body: StaffRole) -> Response:
        """Make a user an author or an editor."""
        member = Member(user_id, body.role)
        await staff.put(member)
        return reply(member)

    @routes.delete("/staff/{user_id}", status_code=204, responses={404: {}}, dependencies=[admin])
    async def remove_member(user_id: Id) -> Response:
        """Take the role from an author or editor; their articles remain."""
        await staff.remove(user_id)
        return Response(status_code=204)

    return routes


def _draft(draft: Draft, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return reply(draft, status, {**(headers or {}), "ETag": f'"{draft.article.revision}"'})
