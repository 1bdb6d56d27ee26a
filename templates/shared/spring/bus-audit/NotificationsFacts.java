package com.example.shop.audit;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The snapshot of notifications, as services exchange it: the types of the events that each order's user was told of. */
public record NotificationsFacts(Map<UUID, List<String>> told) implements Facts {

    /** Returns the part of the snapshot that is of notifications. */
    public static NotificationsFacts of(AuditSnapshot snapshot) {
        return new NotificationsFacts(snapshot.notified);
    }

    @Override
    public void addTo(AuditSnapshot snapshot) {
        snapshot.notified.putAll(told);
    }
}
