package com.example.shop;

import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

/** No context knows another, also where they share a service: only {@code app} knows both. */
class BoundariesTest {

    @Test
    void modulesDependOnlyOnWhatTheyDeclare() {
        ApplicationModules.of(ShopApplication.class).verify();
    }
}
