package com.example.shop.content;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.cache.ResponseCache;
import com.example.shop.chassis.http.Page;
import com.example.shop.chassis.http.Problem;
import com.example.shop.chassis.http.TaggedBody;

/** The published articles as readers get them: through the cache, and without any drafts. */
@Service
class Library {

    // One group: an article is published so rarely that everything may be loaded again.
    static final String GROUP = "articles";
    private static final int FEED_ENTRIES = 20;
    // A sitemap stays below 1 MiB, which is the most that a cache stores.
    private static final int SITEMAP_URLS = 4000;
    private static final String TEASERS = """
            SELECT p.position, p.article_id, v.slug, v.title, v.summary, p.category, p.published_at, p.updated_at
            FROM content.public_article p
            JOIN content.article_version v ON v.article_id = p.article_id AND v.number = p.version
            """;
    private final JdbcClient database;
    private final ArticleRepository repository;
    private final ResponseCache cache;
    private final JsonMapper json;
    private final String title;
    private final String url;

    Library(
            JdbcClient database,
            ArticleRepository repository,
            ResponseCache cache,
            JsonMapper json,
            @Value("${spring.application.name}") String title,
            @Value("${shop.articles-url}") String url) {
        this.database = database;
        this.repository = repository;
        this.cache = cache;
        this.json = json;
        this.title = title;
        this.url = url.replaceFirst("/+$", "");
    }

    /** A row of a list: the position sorts by the time of publication. */
    private record Listed(UUID position, UUID articleId, Teaser article) {}

    /** Returns the article that has the slug, or had it earlier, as JSON; throws 404. */
    TaggedBody article(String slug) {
        TaggedBody body = Slugs.isSlug(slug) ? cache.fetch(GROUP, "article " + slug, () -> load(slug)) : null;
        if (body == null) {
            throw Problem.notFound("There is no such article.");
        }
        return body;
    }

    private byte @Nullable [] load(String slug) {
        return database.sql("""
                        SELECT v.slug, v.title, v.summary, v.body, v.category, v.media, v.number,
                        p.published_at, p.updated_at FROM content.article_slug s
                        JOIN content.public_article p ON p.article_id = s.article_id
                        JOIN content.article_version v ON v.article_id = p.article_id AND v.number = p.version
                        WHERE s.slug = ? AND s.was_public = TRUE""")
                .param(slug)
                .query(this::published)
                .optional()
                .map(json::writeValueAsBytes)
                .orElse(null);
    }

    private PublishedArticle published(ResultSet row, int number) throws SQLException {
        Content content = repository.content(row, 1);
        return new PublishedArticle(
                content.slug(),
                content.title(),
                content.summary(),
                Markdown.toHtml(content.body()),
                content.category(),
                content.media(),
                row.getInt(7),
                row.getObject(8, LocalDateTime.class),
                row.getObject(9, LocalDateTime.class));
    }

    /** Returns a page of articles, newest first, as JSON: those in the category with all words of {@code q}. */
    TaggedBody page(@Nullable String q, @Nullable String category, @Nullable String cursor, int limit) {
        UUID before = Articles.idBefore(cursor);
        Set<String> words = Words.of(q == null ? "" : q);
        if (!words.isEmpty()) {
            // Searches rarely repeat; caching them would evict entries that are read again.
            return TaggedBody.hashed(load(words, category, before, limit));
        }
        String key = "page " + json.writeValueAsString(Arrays.asList(category, before, limit));
        return cached(key, () -> load(words, category, before, limit));
    }

    private byte[] load(Set<String> words, @Nullable String category, UUID before, int limit) {
        StringBuilder sql = new StringBuilder(TEASERS + "WHERE p.position < :before");
        if (!words.isEmpty()) {
            sql.append(" AND p.article_id IN (SELECT article_id FROM content.article_word WHERE word IN (:words)")
                    .append(" GROUP BY article_id HAVING COUNT(*) = :count)");
        }
        if (category != null) {
            sql.append(" AND p.category = :category");
        }
        List<Listed> found = database.sql(
                        sql.append(" ORDER BY p.position DESC LIMIT :limit").toString())
                .param("before", before)
                .param("words", words)
                .param("count", words.size())
                .param("category", category)
                .param("limit", limit + 1)
                .query(Library::listed)
                .list();
        Page<Listed> page = Page.of(found, limit, each -> each.position.toString());
        return json.writeValueAsBytes(
                new Page<>(page.items().stream().map(Listed::article).toList(), page.nextCursor()));
    }

    private static Listed listed(ResultSet row, int number) throws SQLException {
        Teaser article = new Teaser(
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getObject(7, LocalDateTime.class),
                row.getObject(8, LocalDateTime.class));
        return new Listed(row.getObject(1, UUID.class), row.getObject(2, UUID.class), article);
    }

    /** Returns the Atom feed. */
    TaggedBody feed() {
        return cached("feed", () -> {
            List<Feeds.Entry> entries = database.sql(
                            TEASERS + "ORDER BY p.updated_at DESC, p.position DESC LIMIT " + FEED_ENTRIES)
                    .query((row, number) -> {
                        Listed found = listed(row, number);
                        return new Feeds.Entry(found.articleId, found.article);
                    })
                    .list();
            return Feeds.atom(title, url, entries);
        });
    }

    /** Returns the sitemap of the newest articles. */
    TaggedBody sitemap() {
        return cached("sitemap", () -> {
            List<Feeds.Page> pages = database.sql("""
                            SELECT v.slug, p.updated_at FROM content.public_article p
                            JOIN content.article_version v ON v.article_id = p.article_id AND v.number = p.version
                            ORDER BY p.position DESC LIMIT ?""")
                    .param(SITEMAP_URLS)
                    .query((row, number) -> new Feeds.Page(row.getString(1), row.getObject(2, LocalDateTime.class)))
                    .list();
            return Feeds.sitemap(url, pages);
        });
    }

    private TaggedBody cached(String key, Supplier<byte[]> load) {
        TaggedBody body = cache.fetch(GROUP, key, load::get);
        return body == null ? TaggedBody.hashed(load.get()) : body;
    }
}
