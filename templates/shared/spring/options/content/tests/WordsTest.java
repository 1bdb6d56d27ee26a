package com.example.shop.content;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Texts become the words by which articles are found. */
class WordsTest {

    @Test
    void eachWordIsThereOnceAndInOneCase() {
        assertThat(Words.of("Große Lampe", "*GROSSE*, lampe! Ὀδυσσεύς"))
                .containsExactlyInAnyOrder("grosse", "lampe", "ὀδυσσεύσ");
    }

    @ParameterizedTest
    @CsvSource({
        "Café, Cafe\u0301",
        "\u03b1\u0345\u0301, \u03b1\u0301\u0345",
        "हिन्दी, हिन्दी!",
        "น้ำ, (น้ำ)",
        "m² ½, M2 1⁄2",
        "ＡＢＣ１２ ﾃﾞﾝｷ, abc12 デンキ",
        "Donau\u00addampf, donaudampf",
        "می\u200cخواهم, میخواهم",
        "1\ufe0f\u20e3 ❤\ufe0f 葛\udb40\udd00, 1\u20e3 葛",
        "red\u200bchair, chair red",
        "東京の店, 店の東京",
        "don\u2019t, don t",
        "over‿there Foo™, foo there over"
    })
    void textsWithTheSameWordsAreEqual(String one, String other) {
        assertThat(Words.of(one)).isEqualTo(Words.of(other)).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"हिन्दी, हन्द", "น้ำ, นำ", "é, e", "ışık, IŞIK", "under_score, under score"})
    void differentWordsStayDifferent(String one, String other) {
        assertThat(Words.of(one)).isNotEqualTo(Words.of(other));
    }

    @Test
    void aMarkWithoutALetterIsNoWord() {
        assertThat(Words.of("\u0301 ❤\ufe0f ! \u200b")).isEmpty();
    }

    @Test
    void aLongWordIsCutBetweenCharacters() {
        assertThat(Words.of("𐐨".repeat(50))).containsExactly("𐐨".repeat(40));
    }
}
