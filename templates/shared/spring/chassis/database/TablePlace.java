package com.example.shop.chassis.database;

import java.util.Set;
import java.util.stream.Stream;

/** Where a table is, by its name: while it moves to another database, it has a prefix, and a log beside it. */
enum TablePlace {
    IN_USE("", ""),
    /** The database that the table has left. */
    MOVED("moved_", "changed_"),
    /** The database that the table moves to, where it does not have all rows yet. */
    ARRIVING("arriving_", "copied_");

    final String prefix;
    final String log;

    TablePlace(String prefix, String log) {
        this.prefix = prefix;
        this.log = log;
    }

    /** Returns the place of the table with this name; {@code names} are those of all tables of its schema. */
    static TablePlace of(String name, Set<String> names) {
        // The prefix alone may belong to a table that is called so.
        return Stream.of(MOVED, ARRIVING)
                .filter(each -> name.startsWith(each.prefix)
                        && names.contains(each.log + each.plain(name))
                        && !names.contains(each.plain(name)))
                .findFirst()
                .orElse(IN_USE);
    }

    /** Returns the name without the prefix of this place. */
    String plain(String name) {
        return name.substring(prefix.length());
    }
}
