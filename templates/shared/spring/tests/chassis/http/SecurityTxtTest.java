package com.example.shop.chassis.http;

import org.junit.jupiter.api.Test;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import static org.assertj.core.api.Assertions.assertThat;

/** People and scanners find security.txt where RFC 9116 says. */
class SecurityTxtTest {

    private final MockMvcTester shop = MockMvcTester.of(new SecurityTxtController());

    @Test
    void itNamesAContactAndADate() {
        assertThat(shop.get().uri("/.well-known/security.txt"))
                .hasStatusOk()
                .hasContentType("text/plain;charset=utf-8")
                .bodyText()
                .contains("\nContact: ", "\nExpires: ");
    }
}
