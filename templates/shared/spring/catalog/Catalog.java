package com.example.shop.catalog;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.CaseFolding;
import com.example.shop.chassis.Money;
import com.example.shop.chassis.ShopSettings;
import com.example.shop.chassis.cache.ResponseCache;
import com.example.shop.chassis.database.Transactions;
import com.example.shop.chassis.http.EntityTags;
import com.example.shop.chassis.http.Page;
import com.example.shop.chassis.http.Parameters;
import com.example.shop.chassis.http.Problem;
import com.example.shop.chassis.http.TaggedBody;

/** All products of the shop. Reads go through the cache; changes and prices for orders use the database. */
@Service
public class Catalog {

    private static final String LISTS = "products";
    private static final String COLUMNS = "sku, name, description, category, price, version";
    private final JdbcClient database;
    private final Transactions transactions;
    private final ResponseCache cache;
    private final SearchIndex index;
    private final JsonMapper json;
    private final String currency;
    private final RowMapper<Product> product;

    Catalog(
            JdbcClient database,
            Transactions transactions,
            ResponseCache cache,
            SearchIndex index,
            JsonMapper json,
            ShopSettings settings) {
        this.database = database;
        this.transactions = transactions;
        this.cache = cache;
        this.index = index;
        this.json = json;
        this.currency = settings.currency();
        this.product = (row, number) -> new Product(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                new Money(row.getLong(5), currency),
                row.getInt(6));
    }

    /** The properties to change; null ones keep their values. */
    record Changes(
            @Nullable String name,
            @Nullable String description,
            @Nullable String category,
            @Nullable Long price) {}

    /** Returns the product as JSON, tagged with its version. */
    TaggedBody read(String sku) {
        TaggedBody body = cache.fetch(
                group(sku),
                sku,
                () -> {
                    Product found = find(Set.of(sku)).get(sku);
                    return found == null ? null : json.writeValueAsBytes(found);
                },
                this::versioned);
        if (body == null) {
            throw unknown(sku);
        }
        return body;
    }

    private TaggedBody versioned(byte[] product) {
        int version = json.readTree(product).path("version").asInt();
        return new TaggedBody(product, EntityTags.of(version));
    }

    /** Returns a page of products by SKU, as JSON: those in the category with {@code q} in their name. */
    TaggedBody page(@Nullable String q, @Nullable String category, @Nullable String cursor, int limit) {
        String after = after(cursor);
        if (q != null) {
            // Searches rarely repeat; caching them would evict entries that are read again.
            return TaggedBody.hashed(load(q, category, after, limit));
        }
        // A SKU has no slash.
        String key = limit + "/" + after + (category == null ? "" : '/' + category);
        TaggedBody body = cache.fetch(LISTS, key, () -> load(null, category, after, limit));
        return body == null ? TaggedBody.hashed(load(null, category, after, limit)) : body;
    }

    private byte[] load(@Nullable String q, @Nullable String category, String after, int limit) {
        String name = q == null ? null : CaseFolding.fold(q);
        String trigram = name == null ? null : index.rarestTrigram(name);
        StringBuilder sql = new StringBuilder("SELECT " + COLUMNS + " FROM catalog.product");
        if (trigram != null) {
            // The index has the order of the list, so the database can stop at the end of the page.
            sql.append(" JOIN (SELECT sku AS found FROM catalog.product_trigram WHERE trigram = :trigram) index_entry")
                    .append(" ON index_entry.found = product.sku");
        }
        sql.append(" WHERE sku > :after");
        if (category != null) {
            // Some databases ignore trailing spaces in texts that they compare for equality, but not with LIKE.
            sql.append(" AND category = :category AND category LIKE :category_pattern ESCAPE '!'");
        }
        if (name != null) {
            sql.append(" AND folded_name LIKE :pattern ESCAPE '!'");
        }
        sql.append(" ORDER BY sku LIMIT :limit");
        List<Product> found = database.sql(sql.toString())
                .param("trigram", trigram)
                .param("after", after)
                .param("category", category)
                .param("category_pattern", category == null ? null : literal(category))
                .param("pattern", name == null ? null : '%' + literal(name) + '%')
                .param("limit", limit + 1)
                .query(product)
                .list();
        return json.writeValueAsBytes(Page.of(found, limit, Product::sku));
    }

    /** Returns those of the products that exist, by SKU, read from the database. */
    public Map<String, Product> find(Collection<String> skus) {
        return database
                .sql("SELECT " + COLUMNS + " FROM catalog.product WHERE sku IN (:skus)")
                .param("skus", skus)
                .query(product)
                .list()
                .stream()
                .collect(Collectors.toMap(Product::sku, each -> each));
    }

    /** Adds a product; throws the problem {@code sku-taken}. */
    public void create(Product added) {
        try {
            transactions.run(() -> {
                String name = CaseFolding.fold(added.name());
                database.sql("INSERT INTO catalog.product (" + COLUMNS + ", folded_name) VALUES (?, ?, ?, ?, ?, ?, ?)")
                        .params(
                                added.sku(),
                                added.name(),
                                added.description(),
                                added.category(),
                                added.price().amount(),
                                added.version(),
                                name)
                        .update();
                index.change(added.sku(), "", name);
                return added;
            });
        } catch (DuplicateKeyException taken) {
            throw Problem.conflict("sku-taken", "A product with the SKU " + added.sku() + " already exists.");
        }
        cache.invalidate(group(added.sku()), LISTS);
    }

    /** Changes a product whose version is one of the given ones, or null for any, and returns the new version. */
    Product change(String sku, Changes changes, @Nullable Set<Integer> versions) {
        Product changed = transactions.run(() -> {
            String oldName = foldedName(sku);
            int rows = update(sku, changes, versions);
            if (rows > 0 && changes.name != null) {
                index.change(sku, oldName, CaseFolding.fold(changes.name));
            }
            Product found = find(Set.of(sku)).get(sku);
            if (found == null) {
                throw unknown(sku);
            }
            if (rows == 0) {
                throw new Problem(
                        HttpStatus.PRECONDITION_FAILED,
                        "version-mismatch",
                        "The product has changed; it is now at version " + found.version() + '.');
            }
            return found;
        });
        cache.invalidate(group(sku), LISTS);
        return changed;
    }

    private int update(String sku, Changes changes, @Nullable Set<Integer> versions) {
        if (versions != null && versions.isEmpty()) {
            return 0;
        }
        Map<String, Object> values = new LinkedHashMap<>();
        if (changes.name != null) {
            values.put("name", changes.name);
            values.put("folded_name", CaseFolding.fold(changes.name));
        }
        if (changes.description != null) {
            values.put("description", changes.description);
        }
        if (changes.category != null) {
            values.put("category", changes.category);
        }
        if (changes.price != null) {
            values.put("price", changes.price);
        }
        String set = values.keySet().stream()
                .map(each -> ", " + each + " = :" + each)
                .collect(Collectors.joining());
        String condition = versions == null ? "" : " AND version IN (:versions)";
        return database.sql("UPDATE catalog.product SET version = version + 1" + set + " WHERE sku = :sku" + condition)
                .params(values)
                .param("sku", sku)
                .param("versions", versions)
                .update();
    }

    /** Returns the folded name, locked, because its index entries change together with it. */
    private String foldedName(String sku) {
        return database.sql("SELECT folded_name FROM catalog.product WHERE sku = ? FOR UPDATE")
                .param(sku)
                .query(String.class)
                .optional()
                .orElse("");
    }

    private static String after(@Nullable String cursor) {
        if (cursor == null) {
            return "";
        }
        String sku = Page.keyOf(cursor);
        if (!Parameters.isSku(sku)) {
            throw Page.badCursor();
        }
        return sku;
    }

    /** Returns the pattern of LIKE that matches the text only. */
    private static String literal(String text) {
        return text.replaceAll("[!%_]", "!$0");
    }

    private static String group(String sku) {
        return "product:" + sku;
    }

    private static Problem unknown(String sku) {
        return Problem.notFound("There is no product " + sku + '.');
    }
}
