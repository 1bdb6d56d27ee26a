package com.example.shop.chassis.startup;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of a process that serves.
 *
 * <p>Some are here only to be checked: a condition of a bean would take every text but {@code true} for false, and a
 * filter is made while Tomcat starts, which would log its own account of the failure.
 */
@Validated
@ConfigurationProperties("shop")
record ProcessSettings(
        @Min(0) @Max(60) int drainSeconds,
        @Min(0) @Max(60) int warmUpSeconds,
        @Pattern(regexp = SWITCH, message = SWITCHED) String accessLog,
        @Pattern(regexp = SWITCH, message = SWITCHED) String auditEnabled,

        @Pattern(
                regexp = "(https?://[^\\s/,]+|[\\s,])*",
                message = "an origin is written like https://shop.example, without a path")
        String corsOrigins) {

    // Spring takes more for true, such as yes, but its conditions do not.
    private static final String SWITCH = "(?i)true|false";
    private static final String SWITCHED = "must be true or false";
}
