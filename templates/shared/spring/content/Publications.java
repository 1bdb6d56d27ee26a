package com.example.shop.content;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

import com.example.shop.chassis.Clock;
import com.example.shop.chassis.Ids;
import com.example.shop.chassis.cache.ResponseCache;
import com.example.shop.chassis.database.Transactions;
import com.example.shop.chassis.http.Problem;

/**
 * Decides which version of an article is public: editors publish reviewed articles, now or later, and withdraw them.
 *
 * <p>It announces each change of what readers see inside its transaction, for listeners that store the announcement.
 */
@Service
class Publications {

    private static final Logger log = LoggerFactory.getLogger(Publications.class);
    private static final int BATCH = 100;
    // The schedule acts for no user.
    private static final Member SCHEDULE = new Member(new UUID(0, 0), Role.EDITOR);
    private final JdbcClient database;
    private final Transactions transactions;
    private final ArticleRepository repository;
    private final WordIndex index;
    private final ResponseCache cache;
    private final ApplicationEventPublisher listeners;

    Publications(
            JdbcClient database,
            Transactions transactions,
            ArticleRepository repository,
            WordIndex index,
            ResponseCache cache,
            ApplicationEventPublisher listeners) {
        this.database = database;
        this.transactions = transactions;
        this.repository = repository;
        this.index = index;
        this.cache = cache;
        this.listeners = listeners;
    }

    /**
     * Publishes the newest version, which must be in review or scheduled, or does so later, at the given time.
     *
     * <p>Throws 403 unless the member is an editor, {@code article-state} for an article in another state, and {@code
     * version-mismatch} unless the article is at one of the revisions.
     */
    Draft publish(Member member, UUID id, @Nullable LocalDateTime time, @Nullable Set<Integer> revisions) {
        requireEditor(member);
        if (time != null && time.isAfter(Clock.now())) {
            return change(member, id, revisions, found -> found.scheduled(time));
        }
        Draft published = transactions.run(
                () -> makePublic(repository.lock(member, id, revisions).published()));
        cache.invalidate(Library.GROUP);
        return published;
    }

    /** Makes an article in review, or a scheduled one, a draft again; throws what {@code publish} throws. */
    Draft sendBack(Member member, UUID id, @Nullable Set<Integer> revisions) {
        requireEditor(member);
        return change(member, id, revisions, Article::sentBack);
    }

    private Draft change(Member member, UUID id, @Nullable Set<Integer> revisions, UnaryOperator<Article> transition) {
        return transactions.run(() -> {
            Article changed = transition.apply(repository.lock(member, id, revisions));
            repository.change(changed);
            return repository.draft(changed);
        });
    }

    /** Makes an article disappear for readers; throws what {@code publish} throws. */
    Draft withdraw(Member member, UUID id, @Nullable Set<Integer> revisions) {
        requireEditor(member);
        Draft withdrawn = transactions.run(() -> {
            Article changed = repository.lock(member, id, revisions).withdrawn();
            int removed = database.sql("DELETE FROM content.public_article WHERE article_id = ?")
                    .param(id)
                    .update();
            if (removed == 0) {
                throw Problem.conflict("article-state", "The article is not public.");
            }
            index.index(id, List.of());
            repository.change(changed);
            listeners.publishEvent(new ArticleWithdrawn(id));
            return repository.draft(changed);
        });
        cache.invalidate(Library.GROUP);
        return withdrawn;
    }

    /** Publishes the scheduled articles whose time has come. */
    void publishDue() {
        List<UUID> due =
                database.sql("""
                        SELECT id FROM content.article WHERE publish_at <= ? ORDER BY publish_at, id LIMIT ?""").params(Clock.now(), BATCH).query(UUID.class).list();
        for (UUID id : due) {
            try {
                transactions.run(() -> publishScheduled(id));
            } catch (RuntimeException failure) {
                log.warn("Publishing the article {} failed; trying again", id, failure);
            }
        }
        if (!due.isEmpty()) {
            cache.invalidate(Library.GROUP);
        }
    }

    private boolean publishScheduled(UUID id) {
        Article found = repository.lock(SCHEDULE, id, null);
        LocalDateTime time = found.publishAt();
        // Another process may have published it, or an editor has changed their mind.
        boolean due = time != null && !time.isAfter(Clock.now());
        if (due) {
            makePublic(found.published());
        }
        return due;
    }

    private Draft makePublic(Article published) {
        repository.change(published);
        Content content = repository.draft(published).content();
        LocalDateTime now = Clock.now();
        show(published, content.category(), now);
        database.sql("UPDATE content.article_slug SET was_public = TRUE WHERE slug = ?")
                .param(content.slug())
                .update();
        index.index(published.id(), Words.of(content.title(), content.summary(), content.body()));
        database.sql("""
                        INSERT INTO content.publication (id, article_id, version, slug, digest, published_at)
                        VALUES (?, ?, ?, ?, ?, ?)""")
                .params(
                        Ids.next(),
                        published.id(),
                        published.version(),
                        content.slug(),
                        repository.digest(content),
                        now)
                .update();
        listeners.publishEvent(new ArticlePublished(
                published.id(),
                published.authorId(),
                published.version(),
                content.slug(),
                content.title(),
                content.summary(),
                content.category()));
        return repository.draft(published);
    }

    private void show(Article published, String category, LocalDateTime now) {
        int replaced = database.sql("""
                        UPDATE content.public_article SET version = ?, category = ?, updated_at = ?
                        WHERE article_id = ?""")
                .params(published.version(), category, now, published.id())
                .update();
        if (replaced == 0) {
            database.sql("""
                            INSERT INTO content.public_article
                            (article_id, position, version, category, published_at, updated_at)
                            VALUES (?, ?, ?, ?, ?, ?)""")
                    .params(published.id(), Ids.next(), published.version(), category, now, now)
                    .update();
        }
    }

    private static void requireEditor(Member member) {
        if (member.role() != Role.EDITOR) {
            throw Problem.forbidden();
        }
    }
}
