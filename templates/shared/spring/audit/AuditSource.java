package com.example.shop.audit;

/** A context that contributes its data to audits. */
public interface AuditSource {

    /** Adds the data of the context, as the current transaction sees them. */
    void addTo(AuditSnapshot snapshot);
}
