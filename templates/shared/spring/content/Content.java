package com.example.shop.content;

import java.util.List;

/** What an article says. The body is Markdown; the slug is the article's name in addresses. */
record Content(String slug, String title, String summary, String body, String category, List<Media> media) {}
