package com.example.shop.catalog;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Search for a part of a product's name, by an index of the trigrams of its words.
 *
 * <p>The database finds the products with the rarest trigram of the query, and compares only their names with it. A
 * query without a trigram, or with frequent ones only, is compared with all names, in the order of the list.
 */
@Component
class SearchIndex {

    private static final int LENGTH = 3;
    private static final Pattern SPACES = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);
    // How many trigrams of a query are counted, and up to which number: all that are more frequent are alike.
    private static final int CANDIDATES = 8;
    private static final int ENOUGH = 1000;
    private static final String COUNT =
            "(SELECT COUNT(*) FROM (SELECT sku FROM catalog.product_trigram WHERE trigram = ? LIMIT " + ENOUGH
                    + ") found)";
    private final JdbcTemplate database;

    SearchIndex(JdbcTemplate database) {
        this.database = database;
    }

    /** Returns the sequences of three characters within the words of a folded name, each once. */
    static Set<String> trigrams(String name) {
        Set<String> found = new LinkedHashSet<>();
        for (String word : SPACES.split(name)) {
            int[] characters = word.codePoints().toArray();
            for (int start = 0; start + LENGTH <= characters.length; start++) {
                found.add(new String(characters, start, LENGTH));
            }
        }
        return found;
    }

    /** Changes the index from a product's old folded name to its new one, in the caller's transaction. */
    void change(String sku, String oldName, String newName) {
        Set<String> removed = trigrams(oldName);
        Set<String> added = trigrams(newName);
        removed.removeAll(trigrams(newName));
        added.removeAll(trigrams(oldName));
        database.batchUpdate("DELETE FROM catalog.product_trigram WHERE trigram = ? AND sku = ?", rows(removed, sku));
        database.batchUpdate("INSERT INTO catalog.product_trigram (trigram, sku) VALUES (?, ?)", rows(added, sku));
    }

    private static List<Object[]> rows(Set<String> trigrams, String sku) {
        return trigrams.stream().map(trigram -> new Object[] {trigram, sku}).toList();
    }

    /**
     * Returns the trigram of the folded name that the fewest products have.
     *
     * <p>Null if it has no trigram, or if many products have each: they fill a page soon, without the index.
     */
    @Nullable
    String rarestTrigram(String name) {
        List<String> some = candidates(name);
        if (some.isEmpty()) {
            return null;
        }
        String counting = "SELECT " + String.join(", ", Collections.nCopies(some.size(), COUNT));
        List<Long> counts = new ArrayList<>();
        database.query(
                counting,
                row -> {
                    for (int column = 1; column <= some.size(); column++) {
                        counts.add(row.getLong(column));
                    }
                },
                some.toArray());
        long fewest = Collections.min(counts);
        return fewest < ENOUGH ? some.get(counts.indexOf(fewest)) : null;
    }

    private static List<String> candidates(String name) {
        List<String> found = List.copyOf(trigrams(name));
        // From all over the name: neighbors are mostly in the same products.
        int step = Math.max(1, Math.ceilDiv(found.size(), CANDIDATES));
        List<String> some = new ArrayList<>();
        for (int index = 0; index < found.size(); index += step) {
            some.add(found.get(index));
        }
        return some;
    }
}
