"""A newsroom of the shop under test: an author, an editor, and readers of what they publish."""

from __future__ import annotations

from typing import Any

import httpx2

from .client import User
from .conventions import PROBLEMS, REQUEST_ID
from .seeder import VISIBLE_SECONDS, Seeder, assert_eventually

DRAFTS = "/v1/content/articles"
PROBLEMS[409] |= {"slug-taken", "article-state"}


class Newsroom:
    """Writes and publishes articles; slugs are unique to the run, so runs do not collide."""

    def __init__(self, seeder: Seeder, http: httpx2.Client) -> None:
        self._seeder = seeder
        self._http = http
        self.admin = seeder.admin
        self.author = self.member("author")
        self.editor = self.member("editor")

    def member(self, role: str) -> User:
        """Return a new user with this role."""
        user = self._seeder.customer()
        response = self.admin.put(f"/v1/content/staff/{user.id}", json={"role": role})
        assert (response.status_code, response.json()) == (200, {"user_id": user.id, "role": role})
        return user

    def content(self, **fields: Any) -> dict[str, Any]:
        """Return the content of an article, with `fields` replaced."""
        slug = self._seeder.name().lower()
        plain = {"slug": slug, "title": f"Article {slug}", "summary": "A summary.", "body": "A *text*."}
        return {**plain, "category": "tests", "media": [], **fields}

    def draft(self, content: dict[str, Any] | None = None) -> str:
        """Create an article and return its path."""
        response = self.author.post(DRAFTS, json=content or self.content())
        assert response.status_code == 201, response.text
        return str(response.headers["location"])

    def in_review(self, content: dict[str, Any] | None = None) -> str:
        """Create an article, ask for a review, and return its path."""
        path = self.draft(content)
        self.submit(path)
        return path

    def submit(self, path: str) -> None:
        """Ask for a review of an article."""
        response = self.author.post(f"{path}/submit")
        assert (response.status_code, response.json()["article"]["state"]) == (200, "IN_REVIEW")

    def publish(self, path: str, **when: Any) -> dict[str, Any]:
        """Publish an article in review, and return it."""
        response = self.editor.post(f"{path}/publish", json=when)
        assert response.status_code == 200, response.text
        draft: dict[str, Any] = response.json()
        return draft

    def published(self, content: dict[str, Any] | None = None) -> str:
        """Publish a new article, wait until readers see it, and return its path."""
        path = self.in_review(content)
        self.show(path)
        return path

    def publish_again(self, path: str, content: dict[str, Any]) -> None:
        """Publish another version of an article, and wait until readers see it."""
        response = self.author.put(path, json=content)
        assert response.status_code == 200, response.text
        self.submit(path)
        self.show(path)

    def show(self, path: str) -> None:
        """Publish an article in review, and wait until readers see this version."""
        draft = self.publish(path)
        slug, version = draft["content"]["slug"], draft["article"]["version"]
        assert_eventually(lambda: self.version_of(slug), version, VISIBLE_SECONDS)

    def version_of(self, slug: str) -> int | None:
        """Return the version of an article that readers see; None if they see none."""
        response = self.read(f"/{slug}")
        return int(response.json()["version"]) if response.status_code == 200 else None

    def listed(self, **query: Any) -> list[str]:
        """Return the slugs of the newest articles that readers find."""
        response = self.read("", params={"limit": 100, **query})
        assert response.status_code == 200, response.text
        return [each["slug"] for each in response.json()["items"]]

    def read(self, path: str, **options: Any) -> httpx2.Response:
        """GET a path below `/v1/articles` as anybody; caches may store what is found."""
        response = self._http.get(f"/v1/articles{path}", **options)
        assert REQUEST_ID.fullmatch(response.headers["x-request-id"])
        if response.status_code < 400:
            assert response.headers["cache-control"] == "public, max-age=2"
        return response
