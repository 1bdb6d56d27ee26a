package com.example.shop.content;

import com.github.difflib.UnifiedDiffUtils;
import com.github.difflib.algorithm.myers.MyersDiffWithLinearSpace;
import com.github.difflib.patch.Patch;
import com.github.difflib.text.deltamerge.DeltaMergeUtils;
import com.github.difflib.text.deltamerge.InlineDeltaMergeInfo;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

import com.example.shop.chassis.database.Transactions;
import com.example.shop.chassis.http.Page;
import com.example.shop.chassis.http.Parameters;

import static com.github.difflib.DiffUtils.diff;

/** All articles as their staff sees them: authors their own, editors all. They write versions that never change. */
@Service
class Articles {

    private static final UUID LAST_ID = new UUID(-1, -1);
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
    private static final int CONTEXT_LINES = 3;
    private final JdbcClient database;
    private final Transactions transactions;
    private final ArticleRepository repository;

    Articles(JdbcClient database, Transactions transactions, ArticleRepository repository) {
        this.database = database;
        this.transactions = transactions;
        this.repository = repository;
    }

    /** An article in a list, with the slug and the title of its newest version. */
    record ListedArticle(Article article, String slug, String title) {}

    /** A version in a list. */
    record ListedVersion(int number, UUID savedBy, LocalDateTime savedAt, String title) {}

    /** The lines of a unified diff from one version to another. */
    record Difference(List<String> lines) {}

    /** Returns a page of the articles that the member may see, newest first. */
    Page<ListedArticle> page(Member member, @Nullable ArticleState state, @Nullable String cursor, int limit) {
        StringBuilder sql = new StringBuilder("""
                SELECT a.id, a.author_id, a.state, a.revision, a.version, a.publish_at, v.slug, v.title
                FROM content.article a
                JOIN content.article_version v ON v.article_id = a.id AND v.number = a.version
                WHERE a.id < :before""");
        if (state != null) {
            sql.append(" AND a.state = :state");
        }
        if (member.role() == Role.AUTHOR) {
            sql.append(" AND a.author_id = :author");
        }
        List<ListedArticle> found = database.sql(
                        sql.append(" ORDER BY a.id DESC LIMIT :limit").toString())
                .param("before", idBefore(cursor))
                .param("state", state == null ? null : state.name())
                .param("author", member.userId())
                .param("limit", limit + 1)
                .query((row, number) ->
                        new ListedArticle(ArticleRepository.article(row, number), row.getString(7), row.getString(8)))
                .list();
        return Page.of(found, limit, each -> each.article().id().toString());
    }

    /** Returns an article with its newest content; throws 404. */
    Draft read(Member member, UUID id) {
        return repository.draft(repository.find(member, id));
    }

    /** Creates an article, as a draft; throws the problem {@code slug-taken}. */
    Draft create(Member member, Content content) {
        return transactions.run(() -> {
            Article added = Article.by(member.userId());
            repository.add(added);
            repository.addVersion(added, content, member.userId());
            return repository.draft(added);
        });
    }

    /**
     * Saves another version, which has to be reviewed again; what is public stays public.
     *
     * <p>Throws the problem {@code slug-taken}, or {@code version-mismatch} unless the article is at one of the
     * revisions.
     */
    Draft save(Member member, UUID id, Content content, @Nullable Set<Integer> revisions) {
        return save(member, id, revisions, found -> content);
    }

    /** Saves another version with the content of an older one; throws what {@code save} throws. */
    Draft restore(Member member, UUID id, int number, @Nullable Set<Integer> revisions) {
        return save(
                member,
                id,
                revisions,
                found -> repository.version(found, number).content());
    }

    private Draft save(Member member, UUID id, @Nullable Set<Integer> revisions, Function<Article, Content> source) {
        return transactions.run(() -> {
            Article found = repository.lock(member, id, revisions);
            Content content = source.apply(found);
            Article changed = found.saved();
            repository.change(changed);
            repository.addVersion(changed, content, member.userId());
            return repository.draft(changed);
        });
    }

    /** Asks for a review of the newest version; throws the problem {@code article-state} unless it is a draft. */
    Draft submit(Member member, UUID id, @Nullable Set<Integer> revisions) {
        return transactions.run(() -> {
            Article changed = repository.lock(member, id, revisions).submitted();
            repository.change(changed);
            return repository.draft(changed);
        });
    }

    /** Returns a page of an article's versions, newest first; throws 404. */
    Page<ListedVersion> versions(Member member, UUID id, @Nullable String cursor, int limit) {
        Article found = repository.find(member, id);
        List<ListedVersion> rows = database.sql("""
                        SELECT number, saved_by, saved_at, title FROM content.article_version
                        WHERE article_id = ? AND number < ? ORDER BY number DESC LIMIT ?""")
                .params(found.id(), numberBefore(cursor), limit + 1)
                .query((row, index) -> new ListedVersion(
                        row.getInt(1),
                        row.getObject(2, UUID.class),
                        row.getObject(3, LocalDateTime.class),
                        row.getString(4)))
                .list();
        return Page.of(rows, limit, each -> Integer.toString(each.number()));
    }

    /** Returns a version of an article; throws 404. */
    Version version(Member member, UUID id, int number) {
        return repository.version(repository.find(member, id), number);
    }

    /** Returns the difference between two versions of an article; throws 404. */
    Difference difference(Member member, UUID id, int before, int after) {
        Article found = repository.find(member, id);
        List<String> old = lines(repository.version(found, before).content());
        List<String> changed = lines(repository.version(found, after).content());
        // The other algorithm of the library keeps a node for each step of its search, tens of millions at worst.
        Patch<String> steps = diff(old, changed, new MyersDiffWithLinearSpace<>());
        // Adjacent steps become one change, which has the removed lines before the added ones.
        Patch<String> patch = new Patch<>();
        DeltaMergeUtils.mergeInlineDeltas(new InlineDeltaMergeInfo(steps.getDeltas(), old, changed), List::isEmpty)
                .forEach(patch::addDelta);
        return new Difference(UnifiedDiffUtils.generateUnifiedDiff(
                "version " + before, "version " + after, old, patch, CONTEXT_LINES));
    }

    private static List<String> lines(Content content) {
        List<String> lines = new ArrayList<>(List.of(
                "slug: " + content.slug(),
                "title: " + content.title(),
                "summary: " + content.summary(),
                "category: " + content.category()));
        content.media().forEach(each -> lines.add("media: " + each.url() + ' ' + each.alt()));
        lines.add("");
        lines.addAll(List.of(content.body().split("\n", -1)));
        return lines;
    }

    /** Returns the id that the items of the page with this cursor are below. */
    static UUID idBefore(@Nullable String cursor) {
        if (cursor == null) {
            return LAST_ID;
        }
        String id = Page.keyOf(cursor);
        if (!Parameters.isId(id)) {
            throw Page.badCursor();
        }
        return UUID.fromString(id);
    }

    private static int numberBefore(@Nullable String cursor) {
        if (cursor == null) {
            return Integer.MAX_VALUE;
        }
        String number = Page.keyOf(cursor);
        if (!NUMBER.matcher(number).matches()) {
            throw Page.badCursor();
        }
        return Integer.parseInt(number);
    }
}
