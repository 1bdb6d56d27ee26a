package com.example.shop.audit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The invariants of content: a slug is of one article (I6), and publications never change (I7). */
public final class Invariants {

    private static final List<String> NAMES = List.of("I6", "I7");

    private Invariants() {}

    /** Checks all invariants. */
    public static AuditReport check(AuditSnapshot snapshot) {
        Map<String, AuditReport.Finding> findings = new LinkedHashMap<>();
        for (String name : NAMES) {
            List<String> found = snapshot.violations.getOrDefault(name, List.of());
            findings.put(name, new AuditReport.Finding(found.isEmpty(), found));
        }
        boolean ok = findings.values().stream().allMatch(AuditReport.Finding::ok);
        return new AuditReport(true, ok, findings, snapshot.counts);
    }
}
