/** Traces across calls, events and sagas. */
@NullMarked
package com.example.shop.chassis.tracing;

import org.jspecify.annotations.NullMarked;
