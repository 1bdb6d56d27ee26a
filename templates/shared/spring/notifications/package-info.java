/** Notifications: messages to users about their orders. */
@ApplicationModule(allowedDependencies = {"chassis", "audit"})
@NullMarked
package com.example.shop.notifications;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
