package com.example.shop.content;

import java.time.LocalDateTime;
import java.util.List;

/** A published article; its HTML is safe to show as it is. */
record PublishedArticle(
        String slug,
        String title,
        String summary,
        String html,
        String category,
        List<Media> media,
        int version,
        LocalDateTime publishedAt,
        LocalDateTime updatedAt) {}
