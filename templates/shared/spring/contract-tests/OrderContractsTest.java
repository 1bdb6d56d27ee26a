package com.example.shop.orders;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.Money;

import static org.assertj.core.api.Assertions.assertThat;

/** The events of orders are published as {@code contracts} says. */
class OrderContractsTest {

    private static final UUID ALICE = new UUID(7, 1);
    private final JsonMapper json = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    @ParameterizedTest
    @CsvSource({
        "PENDING, OrderPlaced.v1",
        "CONFIRMED, OrderConfirmed.v1",
        "REJECTED, OrderRejected.v1",
        "CANCELLED, OrderCancelled.v1"
    })
    void anEventIsPublishedAsItsContractSays(OrderState state, String contract) throws IOException {
        OrderRecord placed = OrderRecord.of(
                ALICE,
                Map.of("CHAIR-OAK", 2),
                Map.of("CHAIR-OAK", new Money(250, "EUR")),
                "EUR",
                Map.of("CHAIR-OAK", new UUID(8, 1)));
        OrderRecord reported =
                state == OrderState.REJECTED ? placed.rejected(RejectionReason.TIMEOUT) : placed.withState(state);
        SchemaRegistry contracts = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        String schema = Files.readString(Path.of("..", "..", "contracts", contract + ".json"));
        assertThat(contracts.getSchema(schema).validate(json.writeValueAsString(reported), InputFormat.JSON))
                .isEmpty();
    }
}
