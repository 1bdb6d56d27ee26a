package com.example.shop.chassis.startup;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Reports a refused start as a sentence, without a stack trace. Registered in META-INF/spring.factories. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class StartupRefusedAnalyzer extends AbstractFailureAnalyzer<StartupRefused> {

    @Override
    protected FailureAnalysis analyze(Throwable root, StartupRefused refused) {
        return new FailureAnalysis(String.valueOf(refused.getMessage()), null, root);
    }
}
