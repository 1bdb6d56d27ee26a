package com.example.shop.chassis.messaging.bus;

import java.util.Map;

/** A message to publish. */
record Message(String topic, String key, byte[] value, Map<String, String> headers) {}
