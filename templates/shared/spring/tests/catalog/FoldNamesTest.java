package com.example.shop.catalog;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.flywaydb.core.api.migration.Context;
import org.junit.jupiter.api.Test;

import com.example.shop.chassis.database.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.startsWith;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

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

    @Test
    void theEncodingOfAccentsNoLongerCounts() {
        database.migrate(new R__Fold_names());
        store("A", "Cafe\u0301", "cafe\u0301");
        database.migrate(new R__Fold_names(), new R__Normalize_names());
        assertThat(database.template.queryForObject("SELECT folded_name FROM catalog.product", String.class))
                .isEqualTo("café");
        assertThat(trigrams("A")).containsExactlyInAnyOrder("caf", "afé");
    }

    @Test
    void aNameThatIsChangedMeanwhileStays() throws SQLException {
        store("A", "Cafe\u0301", "cafe\u0301");
        try (Connection connection =
                Objects.requireNonNull(database.template.getDataSource()).getConnection()) {
            Connection late = mock(Connection.class, delegatesTo(connection));
            doAnswer(call -> {
                        database.template.update("UPDATE catalog.product SET name = 'Tea', folded_name = 'tea'");
                        index.change("A", "cafe\u0301", "tea");
                        return connection.prepareStatement(call.getArgument(0));
                    })
                    .when(late)
                    .prepareStatement(startsWith("UPDATE"));
            Context context = mock(Context.class);
            when(context.getConnection()).thenReturn(late);
            new R__Fold_names().migrate(context);
        }
        assertThat(database.template.queryForObject("SELECT folded_name FROM catalog.product", String.class))
                .isEqualTo("tea");
        assertThat(trigrams("A")).containsExactly("tea");
    }
}
