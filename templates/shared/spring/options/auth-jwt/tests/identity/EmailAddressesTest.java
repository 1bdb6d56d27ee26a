package com.example.shop.identity;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EmailAddressesTest {

    @ParameterizedTest
    @CsvSource({
        "Alice@Example.com,alice@example.com",
        "o'hara+tag@example.museum,o'hara+tag@example.museum",
        "jose\u0301@example.com,jos\u00e9@example.com",
        "a@xn--mnchen-3ya.example.com,a@m\u00fcnchen.example.com",
        "a@M\u00dcNCHEN.example.com,a@m\u00fcnchen.example.com",
        "a@xn--strae-oqa.example.com,a@xn--strae-oqa.example.com"
    })
    void anAddressHasOneForm(String address, String normal) {
        assertThat(EmailAddresses.normal(address)).isEqualTo(normal);
        assertThat(EmailAddresses.isValid(address)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nobody",
                "@example.com",
                "\"a b\"@example.com",
                "\"a\"@example.com",
                "a@[127.0.0.1]",
                "a@[IPv6:::1]",
                "a@127.0.0.1",
                "a..b@example.com",
                ".a@example.com",
                "a.@example.com",
                "a@b@example.com",
                "a\u200b@example.com",
                "\u0301a@example.com",
                "a@example",
                "a@example..com",
                "a@-example.com",
                "a@example.com.",
                "a@b_c.example.com",
                "a@ab--cd.com",
                "a@shop.test",
                "a@server.local",
                "a@exam\u200bple.com",
                "a@1\u00bd.com",
                "a@-\u00e9.com",
                "a@stra\u00dfe.example.com"
            })
    void whatIsNoAddressIsRefused(String address) {
        assertThat(EmailAddresses.isValid(address)).isFalse();
    }

    @Test
    void anAddressHasAtMost254BytesInUtf8() {
        String domain = "@example.com";
        assertThat(EmailAddresses.isValid("a".repeat(242) + domain)).isTrue();
        assertThat(EmailAddresses.isValid("a".repeat(243) + domain)).isFalse();
        assertThat(EmailAddresses.isValid("\u00e9".repeat(122) + domain)).isFalse();
        assertThatThrownBy(() -> EmailAddresses.normal("a.".repeat(30_000) + domain))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
