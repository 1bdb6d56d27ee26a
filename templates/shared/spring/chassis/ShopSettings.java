package com.example.shop.chassis;

import jakarta.validation.constraints.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/** Settings of the shop as a whole. */
@Validated
@ConfigurationProperties("shop")
public record ShopSettings(
        @Pattern(regexp = "[A-Z]{3}", message = "must be a currency like EUR (ISO 4217)")
        String currency) {}
