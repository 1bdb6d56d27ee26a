package com.example.shop.analytics;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Buckets of one partition by minute of Unix time, counted from the events before an offset, the position. */
final class PartitionCounts {

    final Map<Long, Bucket> buckets = new HashMap<>();
    /** The minutes whose buckets have changed since they were stored. */
    final Set<Long> changed = new HashSet<>();
    /** The position as it is stored. */
    Progress stored;

    long position;

    /** Up to which offset a partition is counted; each rebuild begins another generation. */
    record Progress(long generation, long position) {}

    PartitionCounts(Progress stored) {
        this.stored = stored;
        this.position = stored.position;
    }

    /** Returns the bucket of a minute, to change it. */
    Bucket change(long minute) {
        changed.add(minute);
        return buckets.computeIfAbsent(minute, missing -> new Bucket());
    }
}
