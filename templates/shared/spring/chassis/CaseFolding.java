package com.example.shop.chassis;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Locale;

/** The case folding of Unicode: texts are equal that differ only in case, or in how their accents are encoded. */
public final class CaseFolding {

    private static final int DOTLESS_I = 'ı';

    private CaseFolding() {}

    /**
     * Returns the text in one case and one encoding, letter by letter, so that it does not matter where in a word a
     * letter stands.
     *
     * <p>{@link String#toLowerCase()} alone would keep letters that have several lower-case forms apart, such as the
     * two of sigma.
     */
    public static String fold(String text) {
        StringBuilder folded = new StringBuilder(text.length());
        // Decomposed first, because the case of some accents depends on their order.
        Normalizer.normalize(text, Form.NFD).codePoints().forEach(letter -> folded.append(fold(letter)));
        return Normalizer.normalize(folded, Form.NFC);
    }

    private static String fold(int letter) {
        String lower = Character.toString(letter).toLowerCase(Locale.ROOT);
        if (letter <= 'z' || letter == DOTLESS_I) {
            // The upper case of the dotless i is that of the i, but they are different letters.
            return lower;
        }
        String upper = lower.toUpperCase(Locale.ROOT);
        // Cherokee had no lower case at first, so its letters fold to upper case.
        return UnicodeScript.of(letter) == UnicodeScript.CHEROKEE ? upper : upper.toLowerCase(Locale.ROOT);
    }
}
