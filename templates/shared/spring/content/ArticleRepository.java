package com.example.shop.content;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.Clock;
import com.example.shop.chassis.http.Problem;

/** Articles, their versions and their slugs. */
@Repository
class ArticleRepository {

    private static final String ONE =
            "SELECT id, author_id, state, revision, version, publish_at FROM content.article WHERE id = ?";
    private static final TypeReference<List<Media>> ALL_MEDIA = new TypeReference<>() {};
    private final JdbcClient database;
    private final JsonMapper json;

    ArticleRepository(JdbcClient database, JsonMapper json) {
        this.database = database;
        this.json = json;
    }

    /** Returns an article that the member may see; throws 404. */
    Article find(Member member, UUID id) {
        return visible(ONE, member, id);
    }

    /**
     * Returns an article that the member may see, for a change in this transaction; throws 404.
     *
     * <p>Its revision must be among the given ones, or null for any; otherwise throws {@code version-mismatch}.
     */
    Article lock(Member member, UUID id, @Nullable Set<Integer> revisions) {
        Article found = visible(ONE + " FOR UPDATE", member, id);
        if (revisions != null && !revisions.contains(found.revision())) {
            throw new Problem(
                    HttpStatus.PRECONDITION_FAILED,
                    "version-mismatch",
                    "The article has changed; it is now at revision " + found.revision() + '.');
        }
        return found;
    }

    private Article visible(String sql, Member member, UUID id) {
        return database.sql(sql)
                .param(id)
                .query(ArticleRepository::article)
                .optional()
                // Authors must not learn which articles of others exist.
                .filter(found -> member.mayChange(found.authorId()))
                .orElseThrow(() -> Problem.notFound("There is no such article."));
    }

    /** Stores a new article. */
    void add(Article added) {
        database.sql("""
                        INSERT INTO content.article (id, author_id, state, revision, version)
                        VALUES (?, ?, ?, ?, ?)""")
                .params(added.id(), added.authorId(), added.state().name(), added.revision(), added.version())
                .update();
    }

    /** Stores a changed article, which this transaction has locked. */
    void change(Article changed) {
        database.sql("""
                        UPDATE content.article
                        SET state = :state, revision = :revision, version = :version, publish_at = :publish_at
                        WHERE id = :id""")
                .param("state", changed.state().name())
                .param("revision", changed.revision())
                .param("version", changed.version())
                .param("publish_at", changed.publishAt())
                .param("id", changed.id())
                .update();
    }

    /** Stores the newest version of an article and claims its slug; throws the problem {@code slug-taken}. */
    void addVersion(Article article, Content content, UUID savedBy) {
        claimSlug(article, content.slug());
        database.sql("""
                        INSERT INTO content.article_version (article_id, number, saved_by, saved_at,
                        slug, title, summary, body, category, media) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")
                .params(
                        article.id(),
                        article.version(),
                        savedBy,
                        Clock.now(),
                        content.slug(),
                        content.title(),
                        content.summary(),
                        content.body(),
                        content.category(),
                        json.writeValueAsString(content.media()))
                .update();
    }

    private void claimSlug(Article article, String slug) {
        Optional<UUID> owner = database.sql("SELECT article_id FROM content.article_slug WHERE slug = ?")
                .param(slug)
                .query(UUID.class)
                .optional();
        if (owner.isEmpty()) {
            addSlug(article, slug);
        } else if (!owner.get().equals(article.id())) {
            throw slugTaken(slug);
        }
        database.sql("""
                        DELETE FROM content.article_slug
                        WHERE article_id = ? AND was_public = FALSE AND slug <> ?""").params(article.id(), slug).update();
    }

    private void addSlug(Article article, String slug) {
        try {
            database.sql("INSERT INTO content.article_slug (slug, article_id, was_public) VALUES (?, ?, FALSE)")
                    .params(slug, article.id())
                    .update();
        } catch (DuplicateKeyException concurrent) {
            throw slugTaken(slug);
        }
    }

    /** Returns a version of an article; throws 404. */
    Version version(Article article, int number) {
        return database.sql("""
                        SELECT slug, title, summary, body, category, media, number, saved_by, saved_at
                        FROM content.article_version WHERE article_id = ? AND number = ?""")
                .params(article.id(), number)
                .query((row, index) -> new Version(
                        row.getInt(7),
                        row.getObject(8, UUID.class),
                        row.getObject(9, LocalDateTime.class),
                        content(row, 1)))
                .optional()
                .orElseThrow(() -> Problem.notFound("The article has no version " + number + '.'));
    }

    /** Returns an article with its newest content. */
    Draft draft(Article article) {
        @Nullable
        Integer publicVersion = database.sql("SELECT version FROM content.public_article WHERE article_id = ?")
                .param(article.id())
                .query(Integer.class)
                .optional()
                .orElse(null);
        return new Draft(article, version(article, article.version()).content(), publicVersion);
    }

    /** Returns the article in the first columns of a row. */
    static Article article(ResultSet row, int number) throws SQLException {
        return new Article(
                row.getObject(1, UUID.class),
                row.getObject(2, UUID.class),
                ArticleState.valueOf(row.getString(3)),
                row.getInt(4),
                row.getInt(5),
                row.getObject(6, LocalDateTime.class));
    }

    /** Returns the content in the columns slug, title, summary, body, category and media from {@code first} on. */
    Content content(ResultSet row, int first) throws SQLException {
        return new Content(
                row.getString(first),
                row.getString(first + 1),
                row.getString(first + 2),
                row.getString(first + 3),
                row.getString(first + 4),
                json.readValue(row.getString(first + 5), ALL_MEDIA));
    }

    /** Returns a hash that shows whether the content has changed. */
    byte[] digest(Content content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(json.writeValueAsBytes(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Problem slugTaken(String slug) {
        return Problem.conflict("slug-taken", "Another article has the slug " + slug + '.');
    }
}
