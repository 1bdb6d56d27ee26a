"""States of an article: which change is allowed in which state."""

from uuid import UUID

import pytest

from chassis.clock import now
from chassis.http.problems import Conflict

from ..domain import Article, ArticleState

ID = UUID(int=1)
ALLOWED = {
    "submitted": {ArticleState.DRAFT},
    "sent_back": {ArticleState.IN_REVIEW, ArticleState.SCHEDULED},
    "scheduled": {ArticleState.IN_REVIEW, ArticleState.SCHEDULED},
    "published": {ArticleState.IN_REVIEW, ArticleState.SCHEDULED},
}


@pytest.mark.parametrize("state", ArticleState)
@pytest.mark.parametrize("change", ALLOWED)
def test_each_change_is_allowed_in_some_states_only(change: str, state: ArticleState) -> None:
    """Only what is in review, or was reviewed and waits, is published; nothing is reviewed twice."""
    article = Article(ID, ID, state, revision=4, version=2)
    arguments = [now()] if change == "scheduled" else []
    if state not in ALLOWED[change]:
        with pytest.raises(Conflict, match=state):
            getattr(article, change)(*arguments)
        return
    changed = getattr(article, change)(*arguments)
    assert (changed.revision, changed.version) == (5, 2)


@pytest.mark.parametrize("state", ArticleState)
def test_a_saved_article_is_a_draft_again(state: ArticleState) -> None:
    """What was reviewed is what is published, so a change takes an article out of review and schedule."""
    saved = Article(ID, ID, state, revision=4, version=2, publish_at=now()).saved()
    assert saved == Article(ID, ID, ArticleState.DRAFT, revision=5, version=3)
