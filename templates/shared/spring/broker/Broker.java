package com.example.shop.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/** A broker of Apache Kafka in this process. Its data stays in a folder. */
public final class Broker implements AutoCloseable {

    private static final String NODE = "1";
    private static final String CONTROLLER = "CONTROLLER";
    // 16 bytes in base64, of which only the last is not zero.
    private static final String CLUSTER = "AAAAAAAAAAAAAAAAAAAAAQ";
    private static final Map<String, String> OPTIONS = Map.ofEntries(
            Map.entry("process.roles", "broker,controller"),
            Map.entry("node.id", NODE),
            Map.entry("controller.listener.names", CONTROLLER),
            // As in production: a missing topic is an error.
            Map.entry("auto.create.topics.enable", "false"),
            Map.entry("offsets.topic.num.partitions", "4"),
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("share.coordinator.state.topic.replication.factor", "1"),
            Map.entry("share.coordinator.state.topic.min.isr", "1"),
            // The default is more than the heap of a development process.
            Map.entry("log.cleaner.dedupe.buffer.size", "2097152"),
            // Low values, so that consumers that were killed are noticed soon.
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            Map.entry("group.consumer.min.session.timeout.ms", "1000"),
            Map.entry("group.consumer.session.timeout.ms", "5000"),
            Map.entry("group.consumer.min.heartbeat.interval.ms", "100"),
            Map.entry("group.consumer.heartbeat.interval.ms", "500"));

    private final KafkaRaftServer server;
    private final int port;

    /** Starts a broker on a free port. */
    public Broker(Path folder) {
        this(folder, freePort());
    }

    /** Starts a broker; returns when it accepts connections. */
    public Broker(Path folder, int port) {
        Path data = folder.toAbsolutePath();
        if (!Files.exists(data.resolve("meta.properties"))) {
            format(data);
        }
        this.port = port;
        int controller = freePort();
        Properties options = new Properties();
        options.putAll(OPTIONS);
        options.put("log.dirs", data.toString());
        options.put("controller.quorum.voters", NODE + "@127.0.0.1:" + controller);
        options.put("listeners", "PLAINTEXT://127.0.0.1:%d,%s://127.0.0.1:%d".formatted(port, CONTROLLER, controller));
        this.server = new KafkaRaftServer(KafkaConfig.fromProps(options), Time.SYSTEM);
        server.startup();
    }

    /** Returns the address, as a value of {@code BUS_URL}. */
    public String url() {
        return "kafka://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static void format(Path data) {
        try {
            Files.createDirectories(data);
            new Formatter()
                    .setNodeId(Integer.parseInt(NODE))
                    .setClusterId(CLUSTER)
                    .setDirectories(List.of(data.toString()))
                    .setMetadataLogDirectory(data.toString())
                    .setControllerListenerName(CONTROLLER)
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .run();
        } catch (Exception failure) {
            throw new IllegalStateException("The broker could not be created in " + data + '.', failure);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
