package com.example.shop.chassis.messaging.bus;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

import com.example.shop.chassis.startup.StartupRefused;

/**
 * The event bus, its topics and groups, and the part of a service that this process runs.
 *
 * @param url such as {@code kafka://host:9092,host:9092}
 * @param retryDelays how many seconds a failed event waits in each retry topic
 * @param partitions of new topics, which limit how many consumers of a group work at once
 * @param role {@code api} for a process that handles no events; {@code worker} or {@code all} otherwise
 * @param security how clients authenticate
 * @param topics the topic that each context publishes to
 * @param groups the topics that the consumer group of each context reads
 * @param retention how long the topic of a context keeps its events, if not forever
 */
@ConfigurationProperties("shop.bus")
public record BusSettings(
        String url,
        List<Double> retryDelays,
        int partitions,
        String role,
        Security security,
        @DefaultValue Map<String, String> topics,
        @DefaultValue Map<String, List<String>> groups,
        @DefaultValue Map<String, Duration> retention) {

    private static final String SCHEME = "kafka://";
    private static final double MILLIS = 1000;

    /**
     * How the clients and the brokers authenticate.
     *
     * @param protocol such as {@code sasl_ssl}
     * @param authorities a file with the certificates of the brokers' authority; empty for those of the JDK
     * @param mechanism such as {@code SCRAM-SHA-512}; empty without passwords
     */
    public record Security(String protocol, String authorities, String mechanism, String username, String password) {

        /** A broker without security, for development. */
        public static final Security NONE = new Security("plaintext", "", "", "", "");
    }

    /** Returns the settings of a bus at another address. */
    public BusSettings at(String otherUrl) {
        return new BusSettings(otherUrl, retryDelays, partitions, role, security, topics, groups, retention);
    }

    /** Returns the addresses of the brokers. */
    String servers() {
        if (!url.startsWith(SCHEME)) {
            throw new StartupRefused("BUS_URL has to be like kafka://host:9092,host:9092.");
        }
        return url.substring(SCHEME.length());
    }

    /** Returns whether this process handles events. */
    boolean handlesEvents() {
        return !role.equals("api");
    }

    /** Returns whether this process serves requests. */
    boolean servesRequests() {
        return !role.equals("worker");
    }

    /** Returns the topic that the context publishes to. */
    String topic(String context) {
        return Objects.requireNonNull(topics.get(context), () -> "shop.bus.topics has no " + context);
    }

    /** Returns the path of failed events of a group. */
    RetryPath path(String group) {
        List<String> consumed = Objects.requireNonNull(groups.get(group), () -> "shop.bus.groups has no " + group);
        List<Duration> delays = retryDelays.stream()
                .map(seconds -> Duration.ofMillis(Math.round(seconds * MILLIS)))
                .toList();
        return new RetryPath(group, consumed, delays);
    }
}
