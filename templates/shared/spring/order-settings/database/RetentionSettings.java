package com.example.shop.chassis.database;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * For how many days rows are kept.
 *
 * <p>A request or an event that is repeated later counts as a new one, and an item that is still in the cart can be
 * ordered again.
 */
@Validated
@ConfigurationProperties("shop.keep")
public record RetentionSettings(
        @Min(1) @Max(10_000) int idempotencyDays,
        @Min(1) @Max(10_000) int inboxDays,
        @Min(1) @Max(10_000) int messagesDays,
        @Min(1) @Max(10_000) int orderedCartItemsDays) {}
