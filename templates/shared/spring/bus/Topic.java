package com.example.shop.chassis.messaging.bus;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A topic to create; messages that are older than the retention may be deleted. Without one, all are kept. */
public record Topic(String name, int partitions, @Nullable Duration retention) {}
