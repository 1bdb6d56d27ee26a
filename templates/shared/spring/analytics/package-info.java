/** Analytics: sales and product views of the last hour, counted from events in real time. */
@ApplicationModule(allowedDependencies = "chassis")
@NullMarked
package com.example.shop.analytics;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
