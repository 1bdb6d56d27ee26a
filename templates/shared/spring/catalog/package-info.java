/** The catalog: products and their prices. */
@ApplicationModule(allowedDependencies = "chassis")
@NullMarked
package com.example.shop.catalog;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
