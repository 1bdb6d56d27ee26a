package com.example.shop.choreography;

import java.time.LocalDateTime;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.Money;
import com.example.shop.chassis.messaging.Event;

import static org.assertj.core.api.Assertions.assertThat;

/** Each version of the event that a topic may have is understood. */
class StockReservedTest {

    private static final UUID ORDER = new UUID(0, 1);
    private static final UUID USER = new UUID(0, 2);
    private final JsonMapper json = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"1|\"amount\": 250", "2|\"total\": {\"amount\": 250, \"currency\": \"USD\"}"})
    void everyVersionHasTheAmountAndItsCurrency(int version, String field) {
        String data = "{\"order_id\": \"%s\", \"user_id\": \"%s\", %s}".formatted(ORDER, USER, field);
        Event event = new Event(UUID.randomUUID(), "StockReserved", version, LocalDateTime.MIN, "key", null, data);
        assertThat(StockReserved.of(event, json, "USD"))
                .isEqualTo(new StockReserved(ORDER, USER, new Money(250, "USD")));
    }
}
