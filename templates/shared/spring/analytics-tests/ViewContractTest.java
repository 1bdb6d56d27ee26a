package com.example.shop.analytics;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ViewContractTest {

    @Test
    void aViewIsPublishedAsItsContractSays() throws IOException {
        SchemaRegistry contracts = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        String contract = Files.readString(Path.of("..", "..", "contracts", "ProductViewed.v1.json"));
        String view = Messages.JSON.writeValueAsString(new AnalyticsController.View("CHAIR"));
        assertThat(contracts.getSchema(contract).validate(view, InputFormat.JSON))
                .isEmpty();
    }
}
