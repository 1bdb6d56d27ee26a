/** The audit: snapshots of all contexts, checked against the shop's invariants. */
@ApplicationModule(allowedDependencies = "chassis")
@NullMarked
package com.example.shop.audit;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
