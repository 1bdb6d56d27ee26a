package com.example.shop.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What contexts find in their own data at one moment. */
public final class AuditSnapshot {

    /** Violations by invariant. */
    final Map<String, List<String>> violations = new HashMap<>();
    /** What contexts count. */
    public final Map<String, Long> counts = new HashMap<>();

    /** Adds a violation that a context has found in its own data. */
    public void violated(String invariant, String violation) {
        violations.computeIfAbsent(invariant, name -> new ArrayList<>()).add(violation);
    }
}
