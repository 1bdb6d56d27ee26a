package com.example.shop.content;

import java.time.LocalDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

import com.example.shop.chassis.Ids;
import com.example.shop.chassis.http.Problem;

/** An article. Its revision increases with every change, and its version with every change of the content. */
record Article(
        UUID id,
        UUID authorId,
        ArticleState state,
        int revision,
        int version,
        @Nullable LocalDateTime publishAt) {

    /** Returns a new article, as a draft. */
    static Article by(UUID authorId) {
        return new Article(Ids.next(), authorId, ArticleState.DRAFT, 1, 1, null);
    }

    /** Returns the article with another version, which has to be reviewed again. */
    Article saved() {
        return new Article(id, authorId, ArticleState.DRAFT, revision + 1, version + 1, null);
    }

    /** Returns the article in review; throws the problem {@code article-state} unless it is a draft. */
    Article submitted() {
        require(ArticleState.DRAFT);
        return with(ArticleState.IN_REVIEW, null);
    }

    /** Returns the article as a draft again; throws the problem unless it is in review or scheduled. */
    Article sentBack() {
        require(ArticleState.IN_REVIEW, ArticleState.SCHEDULED);
        return with(ArticleState.DRAFT, null);
    }

    /** Returns the article to be published later; throws the problem unless it is in review or scheduled. */
    Article scheduled(LocalDateTime time) {
        require(ArticleState.IN_REVIEW, ArticleState.SCHEDULED);
        return with(ArticleState.SCHEDULED, time);
    }

    /** Returns the article as published; throws the problem unless it is in review or scheduled. */
    Article published() {
        require(ArticleState.IN_REVIEW, ArticleState.SCHEDULED);
        return with(ArticleState.PUBLISHED, null);
    }

    /** Returns the article after no version of it is public any longer; a newer version keeps its state. */
    Article withdrawn() {
        return state == ArticleState.PUBLISHED ? with(ArticleState.DRAFT, null) : with(state, publishAt);
    }

    private void require(ArticleState... states) {
        if (!List.of(states).contains(state)) {
            throw Problem.conflict("article-state", "The article is in the state " + state + '.');
        }
    }

    private Article with(ArticleState changed, @Nullable LocalDateTime time) {
        return new Article(id, authorId, changed, revision + 1, version, time);
    }
}
