package com.example.shop.chassis.messaging.bus;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.scram.ScramLoginModule;

/** The options of Kafka's clients. */
class BusConnection {

    private static final int ANSWER_MILLIS = 5000;
    private static final int DELIVERY_MILLIS = 10_000;
    private static final int RECONNECT_MILLIS = 1000;
    private static final int MAX_RECORDS = 100;
    private static final int FETCH_BYTES = 8 * 1024 * 1024;
    private final BusSettings settings;

    BusConnection(BusSettings settings) {
        this.settings = settings;
    }

    /** Returns the options of every client. */
    Map<String, Object> common() {
        BusSettings.Security security = settings.security();
        Map<String, Object> options = new HashMap<>();
        options.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.servers());
        options.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, RECONNECT_MILLIS);
        options.put(
                CommonClientConfigs.SECURITY_PROTOCOL_CONFIG,
                security.protocol().toUpperCase(Locale.ROOT));
        if (!security.authorities().isEmpty()) {
            options.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, "PEM");
            options.put(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG, security.authorities());
        }
        if (!security.mechanism().isEmpty()) {
            options.put(SaslConfigs.SASL_MECHANISM, security.mechanism());
            options.put(
                    SaslConfigs.SASL_JAAS_CONFIG,
                    "%s required username=\"%s\" password=\"%s\";"
                            .formatted(ScramLoginModule.class.getName(), security.username(), security.password()));
        }
        return options;
    }

    /** Returns the options of producers: acknowledged by all replicas, idempotent, in order. */
    Map<String, Object> producing() {
        Map<String, Object> options = common();
        options.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        options.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, ANSWER_MILLIS);
        options.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
        options.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_MILLIS);
        return options;
    }

    /** Returns the options of readers: from the first message, without a group. */
    Map<String, Object> reading() {
        Map<String, Object> options = common();
        options.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        options.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        options.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_RECORDS);
        options.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        return options;
    }

    /** Returns the options of the members of a group. */
    Map<String, Object> consuming(String group) {
        Map<String, Object> options = reading();
        options.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        // The protocol of KIP-848, which brokers have from version 4.0 on.
        options.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
        return options;
    }
}
