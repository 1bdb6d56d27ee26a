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
        "Ꭰ, ꭰ, Ꭰ"
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
