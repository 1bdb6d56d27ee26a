package com.example.shop.content;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.CaseFolding;

/**
 * Full-text search in the public articles, by an index of their words.
 *
 * <p>Words are folded to one case, and an article is found if it has all words of the query. This is the same on every
 * database; those that rank by relevance or know the forms of words do so each in their own way.
 */
@Component
class WordIndex {

    private static final int LONGEST = 40;
    private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);
    private final JdbcTemplate database;

    WordIndex(JdbcTemplate database) {
        this.database = database;
    }

    /** Returns the words of the texts, each once and in one case; long ones are cut. */
    static Set<String> words(String... texts) {
        return Stream.of(texts)
                .map(CaseFolding::fold)
                .flatMap(text -> WORD.matcher(text).results().map(MatchResult::group))
                .map(WordIndex::cut)
                // Sorted, so that concurrent publications do not deadlock.
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String cut(String word) {
        boolean isLong = word.codePointCount(0, word.length()) > LONGEST;
        return isLong ? word.substring(0, word.offsetByCodePoints(0, LONGEST)) : word;
    }

    /** Replaces the words by which an article is found, in the caller's transaction; none for one that is not public. */
    void index(UUID articleId, Collection<String> words) {
        database.update("DELETE FROM content.article_word WHERE article_id = ?", articleId);
        List<Object[]> rows =
                words.stream().map(word -> new Object[] {word, articleId}).toList();
        database.batchUpdate("INSERT INTO content.article_word (word, article_id) VALUES (?, ?)", rows);
    }
}
