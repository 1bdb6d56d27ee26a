package com.example.shop.chassis.startup;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.core.env.Environment;

/**
 * Sends requests to the program before it is ready: the JVM compiles code once it has run often, and until then requests
 * take many times as long.
 *
 * <p>It ends after the time of the setting, or when the code has run often enough.
 */
public class WarmUp implements ApplicationRunner {

    private static final Logger log = LoggerFactory.getLogger(WarmUp.class);
    private static final int ROUNDS = 1000;
    private final Environment environment;
    private final List<String> paths;

    /** Warms up for {@code WARM_UP_SECONDS} at most; the paths are read by anybody, and change nothing. */
    public WarmUp(Environment environment, List<String> paths) {
        this.environment = environment;
        this.paths = paths;
    }

    @Override
    public void run(ApplicationArguments arguments) throws InterruptedException {
        Duration limit = Duration.ofSeconds(environment.getProperty("shop.warm-up-seconds", Long.class, 0L));
        if (limit.isZero()) {
            return;
        }
        Instant start = Instant.now();
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (int round = 0; round < ROUNDS; round++) {
                for (String path : paths) {
                    Duration left = limit.minus(Duration.between(start, Instant.now()));
                    if (!left.isPositive()) {
                        return;
                    }
                    client.send(request(path, left), HttpResponse.BodyHandlers.discarding());
                }
            }
        } catch (IOException failure) {
            // A cold program is better than none.
            log.warn("The warm-up ended early: {}", failure.toString());
        } finally {
            log.info(
                    "Warmed up for {} ms",
                    Duration.between(start, Instant.now()).toMillis());
        }
    }

    private HttpRequest request(String path, Duration timeout) {
        String port = environment.getRequiredProperty("local.server.port");
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(timeout)
                .build();
    }
}
