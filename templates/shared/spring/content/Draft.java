package com.example.shop.content;

import org.jspecify.annotations.Nullable;

/** An article as its staff sees it: with its newest content, and the version that is public. */
record Draft(Article article, Content content, @Nullable Integer publicVersion) {}
