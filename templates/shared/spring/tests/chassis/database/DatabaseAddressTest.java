package com.example.shop.chassis.database;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.example.shop.chassis.startup.StartupRefused;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The address of the database is one text, and JDBC gets its parts. */
class DatabaseAddressTest {

    @Test
    void credentialsAreTakenOutOfTheAddress() {
        DatabaseAddress address =
                DatabaseAddress.parse(ServerDialect.SCHEME + "://shop:p%40ss+word%2F@db.internal:6543/shop?a=b");
        assertThat(address.getJdbcUrl())
                .startsWith("jdbc:" + ServerDialect.DRIVER + "://db.internal:6543/shop?")
                .endsWith("&a=b");
        assertThat(address.getUsername()).isEqualTo("shop");
        assertThat(address.getPassword()).isEqualTo("p@ss+word/");
        assertThat(address).asString().doesNotContain("p@ss");
    }

    @Test
    void anAddressOfJdbcStaysAsItIs() {
        assertThat(DatabaseAddress.parse("jdbc:h2:mem:shop").getJdbcUrl()).isEqualTo("jdbc:h2:mem:shop");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "oracle://shop:secret@host/shop",
                "host/shop",
                "jdbc:nothing:secret",
                ServerDialect.SCHEME + ":shop",
                ServerDialect.SCHEME + "://shop:sec ret@host/shop",
                ServerDialect.SCHEME + "://shop:secret@host:99999/shop"
            })
    void anotherAddressIsRefusedWithoutRepeatingItsSecrets(String text) {
        assertThatThrownBy(() -> DatabaseAddress.parse(text))
                .isInstanceOf(StartupRefused.class)
                .hasNoCause()
                .hasMessageContaining("DATABASE_URL")
                .hasMessageNotContainingAny("secret", "sec ret");
    }
}
