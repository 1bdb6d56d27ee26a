package com.example.shop.chassis.http;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Fields that are named as in Java become JSON pointers. */
class JsonFaultsTest {

    @ParameterizedTest
    @CsvSource({"sku,/sku", "items[0].unitPrice,/items/0/unit_price", "expectedTotal.amount,/expected_total/amount"})
    void aFieldBecomesAPointer(String field, String pointer) {
        assertThat(JsonFaults.pointer(field)).isEqualTo(pointer);
    }
}
