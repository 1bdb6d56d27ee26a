package com.example.shop.chassis.cache;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The tier behind the cache of this process. */
interface SharedTier {

    /** Loads every entry: nothing is shared. */
    SharedTier NONE = new SharedTier() {
        @Override
        public byte @Nullable [] fetch(String group, String key, Supplier<byte @Nullable []> load) {
            return load.get();
        }

        @Override
        public void invalidate(List<String> groups) {}
    };

    /** Returns the entry; loads it if it is missing. Null is not cached. */
    byte @Nullable [] fetch(String group, String key, Supplier<byte @Nullable []> load);

    /** Invalidates all entries of the groups, and what is being loaded for them. */
    void invalidate(List<String> groups);
}
