package com.example.shop.identity;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SmtpMailTest {

    @ParameterizedTest
    @ValueSource(strings = {"mail.example.com", "http://mail.example.com", "smtp://", "smtp:user:secret@host"})
    void anythingElseThanAnAddressOfAServerIsRefusedWithoutItsPassword(String url) {
        assertThatThrownBy(() -> new SmtpMail(url, "shop@example.com"))
                .hasMessageContaining("SMTP_URL is invalid")
                .hasMessageNotContaining("secret");
    }

    @Test
    void mailNeedsASender() {
        assertThatThrownBy(() -> new SmtpMail("smtp://mail.example.com", "")).hasMessageContaining("MAIL_FROM");
    }
}
