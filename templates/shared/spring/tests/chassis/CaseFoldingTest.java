package com.example.shop.chassis;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Case does not count in any alphabet, and different letters stay different. */
class CaseFoldingTest {

    @ParameterizedTest
    @CsvSource({
        "STRASSE, Straße, strasse",
        "STRAẞE, straße, strasse",
        "ΟΔΟΣ, οδος, οδοσ",
        "ΟΔΟΣΑ, οδοσα, οδοσα",
        "Ꭰ, ꭰ, Ꭰ",
        "CAFE\u0301, Café, café",
        "\u1fb4, \u03b1\u0345\u0301, \u03ac\u03b9"
    })
    void textsThatDifferInCaseAreEqual(String one, String other, String folded) {
        assertThat(CaseFolding.fold(one)).isEqualTo(folded);
        assertThat(CaseFolding.fold(other)).isEqualTo(folded);
    }

    @ParameterizedTest
    @CsvSource({"ışık, IŞIK", "İ, I", "é, e"})
    void differentLettersStayDifferent(String one, String other) {
        assertThat(CaseFolding.fold(one)).isNotEqualTo(CaseFolding.fold(other));
    }
}
