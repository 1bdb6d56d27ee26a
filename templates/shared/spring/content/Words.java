package com.example.shop.content;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.example.shop.chassis.CaseFolding;

/** Words of texts, as every database indexes them. */
final class Words {

    private static final int LONGEST = 40;

    // Ideographs and hiragana: each is a word, because no spaces separate words that are written with them.
    private static final String ALONE = "\\u3005-\\u3007\\u3041-\\u3096\\u309d-\\u309f\\u3400-\\u4dbf"
            + "\\u4e00-\\u9fff\\uf900-\\ufaff\\x{20000}-\\x{3ffff}";
    private static final String VARIATIONS = "\\u180b-\\u180d\\u180f\\ufe00-\\ufe0f\\x{e0100}-\\x{e01ef}";

    // All of the category but the zero-width space, which separates words.
    private static final Pattern INVISIBLE = Pattern.compile('[' + VARIATIONS + "[\\p{Cf}&&[^\\u200b]]]");
    private static final Pattern SEPARATOR = Pattern.compile("[^\\p{L}\\p{M}\\p{N}_]");

    // In a text of letters, marks, numbers and spaces only, all but marks begin a word.
    private static final Pattern WORD = Pattern.compile("[%1$s]\\p{M}*|[^ \\p{M}][^ %1$s]*".formatted(ALONE));

    private Words() {}

    /**
     * Returns the words of the texts, each once and in one case; long ones are cut.
     *
     * <p>A word is letters, numbers and underscores with their marks. Compatible characters are equal, such as full-width
     * letters and superscripts, and invisible ones do not count.
     */
    static Set<String> of(String... texts) {
        return Stream.of(texts)
                .map(text -> CaseFolding.fold(spaced(Normalizer.normalize(spaced(text), Form.NFKD))))
                .flatMap(text -> WORD.matcher(text).results().map(MatchResult::group))
                .map(Words::cut)
                // Sorted, so that concurrent publications do not deadlock.
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String spaced(String text) {
        return SEPARATOR.matcher(INVISIBLE.matcher(text).replaceAll("")).replaceAll(" ");
    }

    private static String cut(String word) {
        boolean isLong = word.codePointCount(0, word.length()) > LONGEST;
        return isLong ? word.substring(0, word.offsetByCodePoints(0, LONGEST)) : word;
    }
}
