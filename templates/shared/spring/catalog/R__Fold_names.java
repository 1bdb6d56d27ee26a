package com.example.shop.catalog;

import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.CaseFolding;

/** Folds the names of products again that were stored when some letters, such as the dotless i, were folded as others. */
@Component
class R__Fold_names extends BaseJavaMigration {

    private static final int ROWS_AT_ONCE = 1000;
    private static final String FOLD = "UPDATE catalog.product SET folded_name = ? WHERE sku = ? AND folded_name = ?";

    private record Name(String sku, String stored, String folded) {}

    @Override
    public Integer getChecksum() {
        // Never changes: processes of the version before would wait for their own. A new subclass runs instead.
        return 1;
    }

    @Override
    public void migrate(Context context) {
        JdbcTemplate database = new JdbcTemplate(new SingleConnectionDataSource(context.getConnection(), true));
        database.setFetchSize(ROWS_AT_ONCE);
        SearchIndex index = new SearchIndex(database);
        for (Name name : changed(database)) {
            // A process that serves may have changed the name since it was read.
            if (database.update(FOLD, name.folded, name.sku, name.stored) > 0) {
                index.change(name.sku, name.stored, name.folded);
            }
        }
    }

    private static List<Name> changed(JdbcTemplate database) {
        List<Name> changed = new ArrayList<>();
        database.query("SELECT sku, folded_name, name FROM catalog.product", row -> {
            Name name = new Name(row.getString(1), row.getString(2), CaseFolding.fold(row.getString(3)));
            if (!name.folded.equals(name.stored)) {
                changed.add(name);
            }
        });
        return changed;
    }
}
