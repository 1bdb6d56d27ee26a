package com.example.shop.chassis.http;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Conditions on entity tags are read as RFC 9110 says. */
class EntityTagsTest {

    @ParameterizedTest
    @ValueSource(strings = {"\"2\"", "W/\"2\"", "\"1\", \"2\"", "*", " * "})
    void aConditionNamesTheTag(String condition) {
        assertThat(EntityTags.matches(condition, "\"2\"")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"1\"", "2", "\"22\""})
    void aConditionNamesAnotherTag(String condition) {
        assertThat(EntityTags.matches(condition, "\"2\"")).isFalse();
    }

    @Test
    void aWeakTagAllowsNoChange() {
        assertThat(EntityTags.versions("W/\"2\", \"3\", \"x\", \"0\"")).containsExactly(3);
    }

    @Test
    void withoutAConditionAnyVersionMayChange() {
        assertThat(EntityTags.versions(null)).isNull();
        assertThat(EntityTags.versions("*")).isNull();
    }
}
