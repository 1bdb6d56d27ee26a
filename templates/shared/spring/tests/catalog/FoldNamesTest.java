package com.example.shop.catalog;

import java.util.List;
import org.junit.jupiter.api.Test;

import com.example.shop.chassis.database.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/** Names that were stored with another folding are found after the next migration. */
class FoldNamesTest {

    private final TestDatabase database = new TestDatabase("catalog");
    private final SearchIndex index = new SearchIndex(database.template);

    private void store(String sku, String name, String folded) {
        database.template.update(
                "INSERT INTO catalog.product (sku, name, folded_name, description, category, price, version)"
                        + " VALUES (?, ?, ?, '', '', 1, 1)",
                sku,
                name,
                folded);
        index.change(sku, "", folded);
    }

    private List<String> trigrams(String sku) {
        return database.template.queryForList(
                "SELECT trigram FROM catalog.product_trigram WHERE sku = ?", String.class, sku);
    }

    @Test
    void aStoredNameIsFoldedAgain() {
        store("A", "Işık", "işik");
        store("B", "Μέγας", "μέγας");
        store("C", "Oak", "oak");
        database.migrate(new R__Fold_names());
        assertThat(database.template.queryForList("SELECT folded_name FROM catalog.product ORDER BY sku", String.class))
                .containsExactly("işık", "μέγασ", "oak");
        assertThat(trigrams("A")).containsExactlyInAnyOrder("işı", "şık");
        assertThat(trigrams("B")).containsExactlyInAnyOrder("μέγ", "έγα", "γασ");
        assertThat(trigrams("C")).containsExactly("oak");
    }
}
