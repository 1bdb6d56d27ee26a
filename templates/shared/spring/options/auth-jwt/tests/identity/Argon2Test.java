package com.example.shop.identity;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class Argon2Test {

    // Both were made by the reference implementation.
    private static final String HASH =
            "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$T3yAsXrUbgafg8pJo0+Yya1MmW8klBPx9jvS+o8mrPM";
    private static final String OTHER_PARAMETERS =
            "$argon2id$v=19$m=1024,t=3,p=4$MDEyMzQ1Njc4OWFiY2RlZg$6af+Le3J2Le9dJ/nM6mFjg";

    private final Argon2 argon2 = new Argon2(1);

    @Test
    void hashesOfOtherLibrariesMatch() {
        assertThat(argon2.matches("zoë likes tea", HASH)).isTrue();
        assertThat(argon2.matches("zoë likes tea", OTHER_PARAMETERS)).isTrue();
        assertThat(argon2.matches("zoe likes tea", HASH)).isFalse();
        assertThat(argon2.matches("zoë likes tea", HASH.replace("$T3y", "$T3z")))
                .isFalse();
        assertThat(argon2.matches("zoë likes tea", "zoë likes tea")).isFalse();
    }

    @Test
    void aHashHasItsOwnSaltAndMatchesAfterOthers() {
        String first = argon2.encode("a password");
        assertThat(argon2.encode("a password")).isNotEqualTo(first);
        assertThat(argon2.matches("another", first)).isFalse();
        assertThat(argon2.matches("a password", first)).isTrue();
    }

    @Test
    void aHashWithOtherParametersIsOutdated() {
        assertThat(argon2.isOutdated(OTHER_PARAMETERS)).isTrue();
        assertThat(argon2.isOutdated(argon2.encode("a password"))).isFalse();
    }

    @Test
    void atLeastOneHashHasRoom() {
        assertThat(Argon2.fitting(0)).isEqualTo(1);
        assertThat(Argon2.fitting(60L * 1024 * 1024)).isEqualTo(3);
    }
}
