package com.example.shop.content;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

import com.example.shop.chassis.database.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

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
}
