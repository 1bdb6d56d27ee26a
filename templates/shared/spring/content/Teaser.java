package com.example.shop.content;

import java.time.LocalDateTime;

/** A published article in a list. */
record Teaser(
        String slug,
        String title,
        String summary,
        String category,
        LocalDateTime publishedAt,
        LocalDateTime updatedAt) {}
