/** Orders: placing, reading and cancelling them. */
@ApplicationModule(allowedDependencies = {"chassis", "audit"})
@NullMarked
package com.example.shop.orders;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
