package com.example.shop.catalog;

import org.junit.jupiter.api.Test;

import com.example.shop.chassis.database.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/** The index finds the trigram of a query that the fewest products have. */
class SearchIndexTest {

    private final TestDatabase database = new TestDatabase("catalog");
    private final SearchIndex index = new SearchIndex(database.template);

    @Test
    void aNameHasTheTrigramsOfItsWords() {
        assertThat(SearchIndex.trigrams("oak chair ok")).containsExactly("oak", "cha", "hai", "air");
        assertThat(SearchIndex.trigrams("🛒🛒🛒\u00a0ok")).containsExactly("🛒🛒🛒");
    }

    @Test
    void theRarestTrigramIsFound() {
        index.change("A", "", "oak chair");
        index.change("B", "", "ash chair");
        assertThat(index.rarestTrigram("ash chair")).isEqualTo("ash");
        assertThat(index.rarestTrigram("ch")).isNull();
        assertThat(index.rarestTrigram("")).isNull();
    }

    @Test
    void aChangedNameReplacesTheOldOne() {
        index.change("A", "", "oak chair");
        index.change("A", "oak chair", "oak table");
        assertThat(database.template.queryForList("SELECT trigram FROM catalog.product_trigram", String.class))
                .containsExactlyInAnyOrder("oak", "tab", "abl", "ble");
    }
}
