package com.example.shop.catalog;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import com.example.shop.catalog.Catalog.Changes;
import com.example.shop.chassis.Money;
import com.example.shop.chassis.ShopSettings;
import com.example.shop.chassis.http.EntityTags;
import com.example.shop.chassis.http.Omittable;
import com.example.shop.chassis.http.Parameters;
import com.example.shop.chassis.http.Problem;
import com.example.shop.chassis.http.PublicResponses;
import com.example.shop.chassis.http.TaggedBody;
import com.example.shop.chassis.http.Text;
import com.example.shop.chassis.security.AccessRules;
import com.example.shop.chassis.security.Caller;

/** HTTP API of the catalog. */
@RestController
@RequestMapping("/v1/products")
class CatalogController {

    private final Catalog catalog;
    private final String currency;

    CatalogController(Catalog catalog, ShopSettings settings) {
        this.catalog = catalog;
        this.currency = settings.currency();
    }

    @Bean
    static AccessRules catalogRules() {
        return requests -> requests.requestMatchers(HttpMethod.POST, "/v1/products")
                .hasRole(Caller.ADMIN)
                .requestMatchers(HttpMethod.PATCH, "/v1/products/*")
                .hasRole(Caller.ADMIN);
    }

    /** The price of one unit, in minor units of the shop's currency. */
    record Price(
            @NotNull @Min(0) @Max(1_000_000_000) Long amount,
            @NotNull String currency) {}

    /** A product to add to the catalog. */
    record NewProduct(
            @NotNull @Pattern(regexp = Parameters.SKU) String sku,
            @NotNull @Text(min = 1, max = 200) String name,
            @NotNull @Text(max = 4000) String description,
            @NotNull @Text(min = 1, max = 100) String category,
            @NotNull @Valid Price price) {}

    /** The properties to change; those that are omitted keep their values. */
    record ProductChanges(
            @Omittable @Nullable @Text(min = 1, max = 200) String name,
            @Omittable @Nullable @Text(max = 4000) String description,
            @Omittable @Nullable @Text(min = 1, max = 100) String category,
            @Omittable @Nullable @Valid Price price) {}

    @GetMapping
    ResponseEntity<byte[]> list(
            @RequestParam(required = false) @Nullable String q,
            @RequestParam(required = false) @Nullable String category,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable String limit,
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String condition) {
        TaggedBody body = catalog.page(
                Parameters.search("q", q), Parameters.search("category", category), cursor, Parameters.limit(limit));
        return PublicResponses.of(body, MediaType.APPLICATION_JSON, condition);
    }

    @GetMapping("/{sku}")
    ResponseEntity<byte[]> read(
            @PathVariable String sku,
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String condition) {
        return PublicResponses.of(catalog.read(Parameters.sku(sku)), MediaType.APPLICATION_JSON, condition);
    }

    @PostMapping
    ResponseEntity<Product> create(@Valid @RequestBody NewProduct body) {
        Money price = new Money(amount(body.price), currency);
        Product product = new Product(body.sku, body.name, body.description, body.category, price, 1);
        catalog.create(product);
        return ResponseEntity.created(URI.create("/v1/products/" + product.sku()))
                .eTag(EntityTags.of(product.version()))
                .body(product);
    }

    @PatchMapping("/{sku}")
    ResponseEntity<Product> change(
            @PathVariable String sku,
            @Valid @RequestBody ProductChanges body,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String condition) {
        Long price = body.price == null ? null : Long.valueOf(amount(body.price));
        Changes changes = new Changes(body.name, body.description, body.category, price);
        if (changes.equals(new Changes(null, null, null, null))) {
            throw Problem.validation("", "Specify at least one field to change.");
        }
        Product product = catalog.change(Parameters.sku(sku), changes, EntityTags.versions(condition));
        return ResponseEntity.ok().eTag(EntityTags.of(product.version())).body(product);
    }

    private long amount(Price price) {
        if (!price.currency.equals(currency)) {
            throw Problem.validation("/price/currency", "The currency must be " + currency + '.');
        }
        return price.amount;
    }
}
