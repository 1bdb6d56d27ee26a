package com.example.shop.chassis.cache;

import com.spotify.folsom.AsciiMemcacheClient;
import com.spotify.folsom.ExponentialBackoff;
import com.spotify.folsom.MemcacheClientBuilder;
import com.spotify.folsom.MemcacheStatus;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Memcached. */
final class ServerStore implements Store {

    static final String EXAMPLE = "memcached://host:11211";
    private static final String SCHEME = "memcached";
    private static final int DEFAULT_PORT = 11211;
    private static final byte[] ONE = "1".getBytes(StandardCharsets.US_ASCII);
    // Milliseconds: the first and the longest pause between two attempts to connect.
    private static final ExponentialBackoff RECONNECT = new ExponentialBackoff(10, 500, 2.5);
    private final AsciiMemcacheClient<byte[]> client;

    private ServerStore(String host, int port) {
        this.client = MemcacheClientBuilder.newByteArrayClient()
                .withAddress(host, port)
                .withConnectionTimeoutMillis(StoreClient.TIMEOUT.toMillis())
                .withBackoff(RECONNECT)
                .connectAscii();
    }

    /** Returns the store at the address; it connects in the background. */
    static Store open(String address) {
        URI uri = URI.create(address);
        if (!SCHEME.equals(uri.getScheme()) || uri.getHost() == null) {
            throw new IllegalArgumentException("The address names no host.");
        }
        return new ServerStore(uri.getHost(), uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort());
    }

    @Override
    public CompletionStage<List<byte @Nullable []>> get(List<String> keys) {
        return client.get(keys);
    }

    @Override
    public CompletionStage<?> set(String key, byte[] value, Duration timeToLive) {
        return client.set(key, value, seconds(timeToLive));
    }

    @Override
    public CompletionStage<Long> increment(String key, Duration timeToLive) {
        return client.incr(key, 1)
                .thenCompose(counted -> counted == null ? create(key, timeToLive) : completed(counted));
    }

    /** Creates the counter, unless another process has just done it. */
    private CompletionStage<Long> create(String key, Duration timeToLive) {
        return client.add(key, ONE, seconds(timeToLive))
                .thenCompose(status -> status == MemcacheStatus.OK ? completed(1L) : client.incr(key, 1));
    }

    @Override
    public void close() {
        client.shutdown();
    }

    private static CompletionStage<Long> completed(Long value) {
        return CompletableFuture.completedFuture(value);
    }

    private static int seconds(Duration timeToLive) {
        return Math.toIntExact(timeToLive.toSeconds());
    }
}
