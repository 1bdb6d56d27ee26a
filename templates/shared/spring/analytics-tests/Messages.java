package com.example.shop.analytics;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** Messages as publishers write them. */
final class Messages {

    static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private Messages() {}

    /** An ordered product: its units, and the price of one in minor units. */
    record Ordered(String sku, long units, long price) {}

    static byte[] view(LocalDateTime time) {
        return event(UUID.randomUUID(), "ProductViewed", time, Map.of("sku", "A"));
    }

    static byte[] order(String type, LocalDateTime time, Ordered... ordered) {
        return order(UUID.randomUUID(), type, time, ordered);
    }

    static byte[] order(UUID id, String type, LocalDateTime time, Ordered... ordered) {
        List<Map<String, Object>> items = new ArrayList<>();
        long total = 0;
        for (Ordered each : ordered) {
            items.add(Map.of(
                    "sku", each.sku, "quantity", each.units, "unit_price", amount(each.price), "added", "later"));
            total += each.units * each.price;
        }
        return event(id, type, time, Map.of("order", Map.of("items", items, "total", amount(total))));
    }

    private static Map<String, Object> amount(long amount) {
        return Map.of("amount", amount, "currency", "EUR");
    }

    static byte[] event(UUID id, String type, LocalDateTime time, Map<String, ?> data) {
        Map<String, Object> event = new HashMap<>();
        event.put("id", id);
        event.put("type", type);
        event.put("version", 1);
        event.put("time", time + "Z");
        event.put("key", "k");
        event.put("traceparent", null);
        event.put("data", data);
        return JSON.writeValueAsBytes(event);
    }
}
