package com.example.shop.sagas;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How long an order may wait for the services that take part in it.
 *
 * <p>An order that is not decided by then is rejected ({@code timeout}). Longer than the slowest restart of a service,
 * so that only a service that stays down costs orders.
 */
@ConfigurationProperties("shop.sagas")
record SagaSettings(Duration patience) {}
