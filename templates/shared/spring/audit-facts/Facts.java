package com.example.shop.audit;

/** The part of a snapshot that one service sends to another. */
public interface Facts {

    /** Adds the facts to a snapshot. */
    void addTo(AuditSnapshot snapshot);
}
