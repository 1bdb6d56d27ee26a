package com.example.shop.content;

import java.time.LocalDateTime;
import java.util.UUID;

/** One version of an article, which never changes. */
record Version(int number, UUID savedBy, LocalDateTime savedAt, Content content) {}
