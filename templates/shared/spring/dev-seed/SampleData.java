package com.example.shop.dev;

import java.util.Map;
import java.util.Objects;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.JsonNode;

/** Adds sample products and stock when all services are ready, with the command {@code seed}. */
@Component
class SampleData implements ApplicationRunner {

    private static final int UNITS = 100;
    private static final long POLL_MILLIS = 200;
    private final ServiceChecks checks;
    private final Administrator administrator;
    private final String url;

    SampleData(
            ServiceChecks checks, Administrator administrator, @Value("http://127.0.0.1:${server.port}") String url) {
        this.checks = checks;
        this.administrator = administrator;
        this.url = url;
    }

    @Override
    public void run(ApplicationArguments arguments) throws Exception {
        if (!arguments.getNonOptionArgs().contains("seed")) {
            return;
        }
        while (!areReady()) {
            Thread.sleep(POLL_MILLIS);
        }
        RestClient anonymous = RestClient.create(url);
        RestClient shop = anonymous
                .mutate()
                .defaultHeader(HttpHeaders.AUTHORIZATION, "Bearer " + administrator.token(anonymous))
                .build();
        JsonNode wallet =
                Objects.requireNonNull(shop.get().uri("/v1/wallet").retrieve().body(JsonNode.class));
        String currency = wallet.get("balance").get("currency").asString();
        Samples.ALL.forEach(sample -> add(shop, sample, currency));
        System.out.println("The shop is ready: " + url);
    }

    private boolean areReady() {
        try {
            checks.run();
            return true;
        } catch (IllegalStateException starting) {
            return false;
        }
    }

    private static void add(RestClient shop, Samples.Sample sample, String currency) {
        try {
            shop.get().uri("/v1/products/" + sample.sku()).retrieve().toBodilessEntity();
        } catch (HttpClientErrorException.NotFound missing) {
            // Stock first, so that every listed product can be bought even if seeding is interrupted.
            shop.put()
                    .uri("/v1/stock/" + sample.sku())
                    .body(Map.of("on_hand", UNITS))
                    .retrieve()
                    .toBodilessEntity();
            Map<String, Object> product = Map.of(
                    "sku", sample.sku(),
                    "name", sample.name(),
                    "description", sample.description(),
                    "category", sample.category(),
                    "price", Map.of("amount", sample.price(), "currency", currency));
            shop.post().uri("/v1/products").body(product).retrieve().toBodilessEntity();
        }
    }
}
