/** Metrics for Prometheus, and traces. */
@NullMarked
package com.example.shop.chassis.telemetry;

import org.jspecify.annotations.NullMarked;
