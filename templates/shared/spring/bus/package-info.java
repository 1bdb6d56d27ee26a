/** Event bus: topics of Kafka, consumer groups, retries in order per key, and dead letters. */
@NullMarked
package com.example.shop.chassis.messaging.bus;

import org.jspecify.annotations.NullMarked;
