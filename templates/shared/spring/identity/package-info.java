/** Identity: the users of the shop, and their access tokens. */
@ApplicationModule(allowedDependencies = "chassis")
@NullMarked
package com.example.shop.identity;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
