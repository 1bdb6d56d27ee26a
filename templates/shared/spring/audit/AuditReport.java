package com.example.shop.audit;

import java.util.List;
import java.util.Map;

/** The result of an audit. Some violations can be detected only at rest. */
public record AuditReport(boolean atRest, boolean ok, Map<String, Finding> invariants, Map<String, Long> counts) {

    /** The result of checking one invariant. */
    public record Finding(boolean ok, List<String> violations) {}
}
