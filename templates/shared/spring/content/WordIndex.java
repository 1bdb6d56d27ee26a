package com.example.shop.content;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Full-text search in the public articles, by an index of their words.
 *
 * <p>An article is found if it has all words of the query. This is the same on every database; those that rank by
 * relevance or know the forms of words do so each in their own way.
 */
@Component
class WordIndex {

    private final JdbcTemplate database;

    WordIndex(JdbcTemplate database) {
        this.database = database;
    }

    /** Replaces the words by which an article is found, in the caller's transaction; none for one that is not public. */
    void index(UUID articleId, Collection<String> words) {
        database.update("DELETE FROM content.article_word WHERE article_id = ?", articleId);
        List<Object[]> rows =
                words.stream().map(word -> new Object[] {word, articleId}).toList();
        database.batchUpdate("INSERT INTO content.article_word (word, article_id) VALUES (?, ?)", rows);
    }
}
