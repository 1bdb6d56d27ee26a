/** Events: outbox, relay and inbox. */
@NullMarked
package com.example.shop.chassis.messaging;

import org.jspecify.annotations.NullMarked;
