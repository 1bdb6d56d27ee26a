package com.example.shop.content;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Texts become the words by which articles are found. */
class WordIndexTest {

    @Test
    void eachWordIsThereOnceAndInOneCase() {
        assertThat(WordIndex.words("Große Lampe", "*GROSSE*, lampe! Ὀδυσσεύς"))
                .containsExactlyInAnyOrder("grosse", "lampe", "ὀδυσσεύσ");
    }

    @Test
    void aLongWordIsCutBetweenCharacters() {
        assertThat(WordIndex.words("𝒳".repeat(50))).containsExactly("𝒳".repeat(40));
    }
}
