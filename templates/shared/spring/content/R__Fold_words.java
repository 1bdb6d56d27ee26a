package com.example.shop.content;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.stereotype.Component;

/** Indexes public articles again whose words were folded when some letters, such as the dotless i, became others. */
@Component
class R__Fold_words extends BaseJavaMigration {

    private static final String TEXTS =
            "SELECT v.title, v.summary, v.body FROM content.public_article p JOIN content.article_version v"
                    + " ON v.article_id = p.article_id AND v.number = p.version WHERE p.article_id = ?";

    @Override
    public Integer getChecksum() {
        // Never changes: processes of the version before would wait for their own. A new subclass runs instead.
        return 1;
    }

    @Override
    public void migrate(Context context) {
        JdbcTemplate database = new JdbcTemplate(new SingleConnectionDataSource(context.getConnection(), true));
        WordIndex index = new WordIndex(database);
        List<UUID> articles = database.query(
                "SELECT article_id FROM content.public_article", (row, number) -> row.getObject(1, UUID.class));
        for (UUID article : articles) {
            if (!words(database, article).equals(stored(database, article))) {
                // As publications do, which may have changed the article since it was read.
                database.queryForList("SELECT id FROM content.article WHERE id = ? FOR UPDATE", article);
                index.index(article, words(database, article));
            }
        }
    }

    private static Set<String> words(JdbcTemplate database, UUID article) {
        return database
                .query(TEXTS, (row, number) -> Words.of(row.getString(1), row.getString(2), row.getString(3)), article)
                .stream()
                .findFirst()
                .orElse(Set.of());
    }

    private static Set<String> stored(JdbcTemplate database, UUID article) {
        return Set.copyOf(database.queryForList(
                "SELECT word FROM content.article_word WHERE article_id = ?", String.class, article));
    }
}
