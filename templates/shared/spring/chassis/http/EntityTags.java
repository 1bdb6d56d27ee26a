package com.example.shop.chassis.http;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Entity tags and the conditions on them (RFC 9110, sections 8.8.3 and 13.1). */
public final class EntityTags {

    private static final Pattern TAG = Pattern.compile("(W/)?\"([^\"]*)\"");
    private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,8}");

    private EntityTags() {}

    /** Returns the entity tag of a version. */
    public static String of(int version) {
        return "\"" + version + '"';
    }

    /** Returns whether {@code If-None-Match} names the entity tag, compared weakly. */
    public static boolean matches(@Nullable String condition, String tag) {
        if (condition == null) {
            return false;
        }
        return condition.strip().equals("*")
                || TAG.matcher(condition).results().anyMatch(found -> tag.equals('"' + found.group(2) + '"'));
    }

    /** Returns the versions that {@code If-Match} allows to be changed; null for any version. */
    public static @Nullable Set<Integer> versions(@Nullable String condition) {
        if (condition == null || condition.strip().equals("*")) {
            return null;
        }
        Set<Integer> versions = new HashSet<>();
        Matcher tags = TAG.matcher(condition);
        while (tags.find()) {
            // Weak tags never match here.
            if (tags.group(1) == null && VERSION.matcher(tags.group(2)).matches()) {
                versions.add(Integer.valueOf(tags.group(2)));
            }
        }
        return versions;
    }
}
