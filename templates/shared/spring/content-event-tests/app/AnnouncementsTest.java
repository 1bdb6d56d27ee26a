package com.example.shop.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.database.TestDatabase;
import com.example.shop.chassis.messaging.Outbox;
import com.example.shop.chassis.tracing.Traces;
import com.example.shop.content.ArticlePublished;
import com.example.shop.content.ArticleWithdrawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What becomes public is an event in the outbox, if its transaction commits. */
class AnnouncementsTest {

    private static final UUID ID = new UUID(7, 1);
    private static final ArticlePublished PUBLISHED =
            new ArticlePublished(ID, new UUID(7, 2), 3, "chairs", "Chairs", "About chairs.", "furniture");
    private final TestDatabase database = new TestDatabase("content_service");
    private final JsonMapper json = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();
    private final Announcements announcements =
            new Announcements(new Outbox(database.client, json, "content_service", Traces.NONE));

    private record Stored(String type, String key, JsonNode data) {}

    private List<Stored> stored() {
        return database.template.query(
                "SELECT type, \"key\", data FROM content_service.outbox ORDER BY position",
                (row, number) -> new Stored(row.getString(1), row.getString(2), json.readTree(row.getBytes(3))));
    }

    private JsonNode contract(String type) throws IOException {
        return json.readTree(Files.readString(Path.of("../../contracts", type + ".v1.json")));
    }

    @Test
    void anEventHasTheFieldsOfItsContractAndTheKeyOfItsArticle() throws IOException {
        database.transactions.run(() -> {
            announcements.publish(PUBLISHED);
            announcements.withdraw(new ArticleWithdrawn(ID));
            return ID;
        });
        assertThat(stored()).extracting(Stored::type).containsExactly("ArticlePublished", "ArticleWithdrawn");
        for (Stored event : stored()) {
            assertThat(event.key).isEqualTo(ID.toString());
            assertThat(event.data.propertyNames())
                    .containsExactlyElementsOf(contract(event.type)
                            .at("/$defs/" + event.type + "/properties")
                            .propertyNames());
        }
    }

    @Test
    void aFailedTransactionAnnouncesNothing() {
        assertThatThrownBy(() -> database.transactions.run(() -> {
                    announcements.publish(PUBLISHED);
                    throw new IllegalStateException("planted");
                }))
                .hasMessage("planted");
        assertThat(stored()).isEmpty();
    }
}
