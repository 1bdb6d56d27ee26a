package com.example.shop.content;

import java.util.UUID;

/** No version of an article is public any longer. */
public record ArticleWithdrawn(UUID articleId) {}
