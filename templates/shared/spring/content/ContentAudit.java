package com.example.shop.content;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

import com.example.shop.audit.AuditSnapshot;
import com.example.shop.audit.AuditSource;

/** What the invariants mean for content: a slug is of one article (I6), and publications never change (I7). */
@Component
class ContentAudit implements AuditSource {

    private static final String ONE_KEY = "I6";
    private static final String FINAL = "I7";
    private static final String PUBLIC = "articles_public";
    private final JdbcTemplate database;
    private final ArticleRepository repository;

    ContentAudit(JdbcTemplate database, ArticleRepository repository) {
        this.database = database;
        this.repository = repository;
    }

    private record Published(UUID articleId, int version) {}

    @Override
    public void addTo(AuditSnapshot snapshot) {
        Map<String, UUID> owners = new HashMap<>();
        database.query("SELECT slug, article_id FROM content.article_slug WHERE was_public = TRUE", row -> {
            owners.put(row.getString(1), row.getObject(2, UUID.class));
        });
        snapshot.counts.put(PUBLIC, 0L);
        Set<Published> published = new HashSet<>();
        database.query("""
                SELECT v.slug, v.title, v.summary, v.body, v.category, v.media,
                p.article_id, p.version, p.slug, p.digest FROM content.publication p
                JOIN content.article_version v ON v.article_id = p.article_id AND v.number = p.version""", row -> {
            UUID articleId = row.getObject(7, UUID.class);
            int version = row.getInt(8);
            String slug = row.getString(9);
            UUID owner = owners.get(slug);
            published.add(new Published(articleId, version));
            if (!articleId.equals(owner)) {
                snapshot.violated(
                        ONE_KEY,
                        "the slug %s of article %s belongs to %s"
                                .formatted(slug, articleId, owner == null ? "no article" : owner));
            }
            if (!Arrays.equals(row.getBytes(10), repository.digest(repository.content(row, 1)))) {
                snapshot.violated(
                        FINAL,
                        "version %d of article %s has changed since its publication".formatted(version, articleId));
            }
        });
        database.query("SELECT article_id, version FROM content.public_article", row -> {
            Published shown = new Published(row.getObject(1, UUID.class), row.getInt(2));
            snapshot.counts.merge(PUBLIC, 1L, Long::sum);
            if (!published.contains(shown)) {
                snapshot.violated(
                        FINAL,
                        "version %d of article %s is public but was never published"
                                .formatted(shown.version, shown.articleId));
            }
        });
    }
}
