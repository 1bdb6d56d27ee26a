package com.example.shop.content;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.flywaydb.core.api.migration.Context;
import org.junit.jupiter.api.Test;

import com.example.shop.chassis.database.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.endsWith;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

/** Articles whose words were stored with another folding are found after the next migration. */
class FoldWordsTest {

    private final TestDatabase database = new TestDatabase("content");
    private final Newsroom newsroom = new Newsroom(database, announced -> {});

    private List<String> words(UUID article) {
        return database.template.queryForList(
                "SELECT word FROM content.article_word WHERE article_id = ? ORDER BY word", String.class, article);
    }

    @Test
    void theWordsOfAPublicArticleAreFoldedAgain() {
        UUID article = newsroom.published(Newsroom.content("lamp", "Işık"));
        UUID other = newsroom.published(Newsroom.content("chair", "Oak"));
        List<String> folded = words(article);
        assertThat(folded).contains("işık");
        database.template.update("UPDATE content.article_word SET word = 'işik' WHERE word = 'işık'");
        List<String> unchanged = words(other);
        database.migrate(new R__Fold_words());
        assertThat(words(article)).isEqualTo(folded);
        assertThat(words(other)).isEqualTo(unchanged);
    }

    @Test
    void wordsGetTheirMarks() {
        database.migrate(new R__Fold_words());
        UUID article = newsroom.published(Newsroom.content("lamp", "हिन्दी"));
        List<String> whole = words(article);
        database.template.update("UPDATE content.article_word SET word = 'हन' WHERE word = 'हिन्दी'");
        assertThat(words(article)).isNotEqualTo(whole);
        database.migrate(new R__Fold_words(), new R__Normalize_words());
        assertThat(words(article)).isEqualTo(whole);
    }

    @Test
    void anArticleThatIsPublishedMeanwhileKeepsItsWords() throws SQLException {
        UUID article = newsroom.published(Newsroom.content("lamp", "Old"));
        database.template.update("DELETE FROM content.article_word WHERE word = 'old'");
        try (Connection connection =
                Objects.requireNonNull(database.template.getDataSource()).getConnection()) {
            Connection late = mock(Connection.class, delegatesTo(connection));
            doAnswer(call -> {
                        newsroom.publishAgain(article, Newsroom.content("lamp", "New"));
                        return connection.prepareStatement(call.getArgument(0));
                    })
                    .when(late)
                    .prepareStatement(endsWith("FOR UPDATE"));
            Context context = mock(Context.class);
            when(context.getConnection()).thenReturn(late);
            new R__Fold_words().migrate(context);
        }
        assertThat(words(article)).contains("new").doesNotContain("old");
    }
}
