package com.example.shop.content;

import java.util.regex.Pattern;

/** Slugs: names of articles and categories in addresses. */
final class Slugs {

    static final String SLUG = "[a-z0-9]+(-[a-z0-9]+)*";
    static final int LONGEST = 100;
    private static final Pattern FORM = Pattern.compile(SLUG);

    private Slugs() {}

    /** Returns whether the text has the form of a slug. */
    static boolean isSlug(String text) {
        return text.length() <= LONGEST && FORM.matcher(text).matches();
    }
}
