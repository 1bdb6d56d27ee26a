package com.example.shop.content;

/** The state of an article's newest version. */
enum ArticleState {
    DRAFT,
    IN_REVIEW,
    SCHEDULED,
    PUBLISHED
}
