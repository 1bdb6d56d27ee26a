package com.example.shop.choreography;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import com.example.shop.chassis.Money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** The events that contexts publish and read agree with {@code contracts}. */
class ContractsTest {

    private static final UUID ID = new UUID(0, 1);
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private static String contract(String name) throws IOException {
        return Files.readString(Path.of("..", "contracts", name + ".json"));
    }

    static Stream<Arguments> published() {
        return Stream.of(
                arguments("StockReserved.v2", new StockReserved(ID, ID, new Money(250, "EUR"))),
                arguments("StockRefused.v1", new OrderReference(ID, ID)),
                arguments("PaymentDebited.v1", new PaymentDebited(ID, ID, 250)),
                arguments("PaymentDeclined.v1", new OrderReference(ID, ID)));
    }

    @ParameterizedTest
    @MethodSource("published")
    void anEventIsPublishedAsItsContractSays(String name, Object data) throws IOException {
        SchemaRegistry contracts = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        assertThat(contracts.getSchema(contract(name)).validate(JSON.writeValueAsString(data), InputFormat.JSON))
                .isEmpty();
    }

    /** What is read is there even if an event has only what its contract requires. */
    @ParameterizedTest
    @CsvSource({
        "OrderPlaced.v1, OrderEvent",
        "OrderConfirmed.v1, OrderEvent",
        "OrderRejected.v1, OrderEvent",
        "OrderCancelled.v1, OrderEvent",
        "StockReserved.v1, StockReserved$Version1",
        "StockReserved.v2, StockReserved",
        "StockRefused.v1, OrderReference",
        "PaymentDebited.v1, OrderReference",
        "PaymentDeclined.v1, OrderReference"
    })
    void whatIsReadIsRequired(String name, String type) throws Exception {
        assertThat(JSON.treeToValue(smallest(name), read(type)))
                .usingRecursiveAssertion()
                .hasNoNullFields();
    }

    /** An event that lacks something is refused: it would be handled as if it had nothing, or 0, there. */
    @ParameterizedTest
    @CsvSource({
        "OrderConfirmed.v1, OrderEvent",
        "StockReserved.v1, StockReserved$Version1",
        "StockReserved.v2, StockReserved",
        "PaymentDeclined.v1, OrderReference"
    })
    void anEventThatLacksSomethingIsRefused(String name, String type) throws Exception {
        JsonNode event = smallest(name);
        Class<?> read = read(type);
        forEachWithout(
                JSON.valueToTree(JSON.treeToValue(event, read)),
                event,
                () -> assertThatThrownBy(() -> JSON.treeToValue(event, read))
                        .isInstanceOf(MismatchedInputException.class));
    }

    /** Runs a check while the value lacks one property after the other of those that are read. */
    private static void forEachWithout(JsonNode read, JsonNode value, Runnable check) {
        if (read.isArray()) {
            forEachWithout(read.get(0), value.get(0), check);
        }
        for (String name : read.propertyNames()) {
            if (value instanceof ObjectNode object && object.has(name)) {
                JsonNode property = object.remove(name);
                check.run();
                object.set(name, property);
                forEachWithout(read.get(name), property, check);
            }
        }
    }

    private static Class<?> read(String type) throws ClassNotFoundException {
        return Class.forName(ContractsTest.class.getPackageName() + '.' + type);
    }

    /** Returns the data of an event with only the properties that its contract requires. */
    private static JsonNode smallest(String name) throws IOException {
        JsonNode contract = JSON.readTree(contract(name));
        return smallest(contract, contract);
    }

    /** Returns a value with only the properties that the schema requires. */
    private static JsonNode smallest(JsonNode schema, JsonNode contract) {
        if (schema.has("$ref")) {
            return smallest(contract.at(schema.get("$ref").asString().substring(1)), contract);
        }
        if (schema.has("enum")) {
            return schema.get("enum").get(0);
        }
        if (schema.has("anyOf")) {
            return smallest(schema.get("anyOf").get(0), contract);
        }
        return switch (schema.get("type").asString()) {
            case "object" -> {
                ObjectNode object = JSON.createObjectNode();
                schema.path("required").forEach(required -> {
                    String name = required.asString();
                    object.set(name, smallest(schema.get("properties").get(name), contract));
                });
                yield object;
            }
            case "array" -> {
                ArrayNode array = JSON.createArrayNode();
                yield array.add(smallest(schema.get("items"), contract));
            }
            case "string" -> JSON.valueToTree(ID);
            default -> JSON.valueToTree(1);
        };
    }
}
