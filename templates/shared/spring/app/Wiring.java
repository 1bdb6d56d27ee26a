package com.example.shop.app;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.sql.DataSource;
import org.flywaydb.core.api.migration.JavaMigration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.cart.Carts;
import com.example.shop.cart.Products;
import com.example.shop.catalog.Catalog;
import com.example.shop.catalog.Product;
import com.example.shop.chassis.database.Migrations;
import com.example.shop.chassis.database.Transactions;
import com.example.shop.chassis.messaging.EventHandler;
import com.example.shop.chassis.messaging.Outbox;
import com.example.shop.chassis.messaging.Relay;
import com.example.shop.chassis.startup.WarmUp;
import com.example.shop.chassis.tracing.Traces;
import com.example.shop.identity.UserDirectory;
import com.example.shop.orders.CartContents;
import com.example.shop.orders.Prices;
import com.example.shop.payments.RegisteredUsers;

/** The wiring of the shop: every port of a context gets another context's service. */
@Configuration(proxyBeanMethods = false)
class Wiring {

    @Bean
    Migrations migrations(DataSource database, JdbcConnectionDetails address, ObjectProvider<JavaMigration> inJava) {
        return new Migrations(database, address, Schemas.all(), inJava.stream());
    }

    @Bean
    Outbox ordersOutbox(JdbcClient database, JsonMapper json, Traces traces) {
        return new Outbox(database, json, "orders", traces);
    }

    @Bean
    @ConditionalOnWebApplication
    Relay ordersRelay(
            Outbox ordersOutbox, JdbcTemplate database, Transactions transactions, List<EventHandler> handlers) {
        return new Relay(ordersOutbox, database, transactions, handlers);
    }

    @Bean
    @ConditionalOnWebApplication
    WarmUp warmUp(Environment environment) {
        return new WarmUp(
                environment,
                List.of(
                        "/v1/products",
                        "/v1/products?q=oak&limit=5",
                        "/v1/products/NONE",
                        "/v1/orders",
                        "/v1/nothing"));
    }

    @Bean
    Products products(Catalog catalog) {
        return skus -> mapped(catalog.find(skus), product -> new Products.Shown(product.name(), product.price()));
    }

    @Bean
    Prices prices(Catalog catalog) {
        return skus -> mapped(catalog.find(skus), Product::price);
    }

    @Bean
    CartContents cartContents(Carts carts) {
        return userId -> mapped(carts.items(userId), item -> new CartContents.Item(item.quantity(), item.revision()));
    }

    @Bean
    RegisteredUsers registeredUsers(UserDirectory users) {
        return users::exists;
    }

    private static <S, T> Map<String, T> mapped(Map<String, S> found, Function<S, T> view) {
        Map<String, T> views = new LinkedHashMap<>();
        found.forEach((sku, each) -> views.put(sku, view.apply(each)));
        return views;
    }
}
