/** Inventory: the units on hand, and the units reserved for orders. */
@ApplicationModule(allowedDependencies = {"chassis", "audit"})
@NullMarked
package com.example.shop.inventory;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
