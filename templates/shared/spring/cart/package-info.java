/** The cart: what users want to buy. */
@ApplicationModule(allowedDependencies = "chassis")
@NullMarked
package com.example.shop.cart;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
