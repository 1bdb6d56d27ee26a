package com.example.shop.chassis.cache;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SetArgs;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Redis, or another server with its protocol such as Valkey. */
final class ServerStore implements Store {

    static final String EXAMPLE = "redis://host:6379/0";
    private static final byte[] ZERO = "0".getBytes(StandardCharsets.US_ASCII);
    private static final Duration RECONNECT = Duration.ofMillis(500);
    private final ClientResources resources;
    private final RedisClient client;
    private final RedisURI address;
    private @Nullable CompletableFuture<StatefulRedisConnection<String, byte[]>> connection;

    private ServerStore(RedisURI address) {
        this.address = address;
        address.setTimeout(StoreClient.TIMEOUT);
        this.resources = ClientResources.builder()
                .reconnectDelay(Delay.constant(RECONNECT))
                .build();
        this.client = RedisClient.create(resources);
        client.setOptions(ClientOptions.builder()
                // Fail at once instead of sending later what nobody waits for.
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(StoreClient.TIMEOUT)
                        .build())
                .timeoutOptions(TimeoutOptions.enabled(StoreClient.TIMEOUT))
                .build());
    }

    /** Returns the store at the address; it connects when it is used. */
    static Store open(String address) {
        return new ServerStore(RedisURI.create(address));
    }

    @Override
    public CompletionStage<List<byte @Nullable []>> get(List<String> keys) {
        return connected(redis -> redis.mget(keys.toArray(String[]::new))
                .thenApply(found -> found.stream().map(ServerStore::value).toList()));
    }

    @Override
    public CompletionStage<?> set(String key, byte[] value, Duration timeToLive) {
        return connected(redis -> redis.set(key, value, SetArgs.Builder.ex(timeToLive)));
    }

    @Override
    public CompletionStage<Long> increment(String key, Duration timeToLive) {
        // Both are sent at once and done in this order.
        return connected(redis -> redis.set(key, ZERO, SetArgs.Builder.nx().ex(timeToLive))
                .thenCombine(redis.incr(key), (created, counted) -> counted));
    }

    @Override
    public void close() {
        client.shutdown();
        var unused = resources.shutdown();
    }

    private <T> CompletionStage<T> connected(Function<RedisAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
        return connection().thenCompose(open -> command.apply(open.async()));
    }

    /** Returns the connection, which concurrent callers share. Lettuce renews one that was lost. */
    private synchronized CompletableFuture<StatefulRedisConnection<String, byte[]>> connection() {
        if (connection == null || connection.isCompletedExceptionally()) {
            connection = client.connectAsync(RedisCodec.of(StringCodec.ASCII, ByteArrayCodec.INSTANCE), address)
                    .toCompletableFuture();
        }
        return connection;
    }

    private static byte @Nullable [] value(KeyValue<String, byte[]> found) {
        return found.hasValue() ? found.getValue() : null;
    }
}
