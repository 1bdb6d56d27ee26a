package com.example.shop.content;

import java.util.UUID;

/** A version of an article became public; its body is read from the API. */
public record ArticlePublished(
        UUID articleId, UUID authorId, int version, String slug, String title, String summary, String category) {}
