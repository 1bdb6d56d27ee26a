package com.example.shop.analytics;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.http.Problem;

/**
 * Live stream of summaries as server-sent events.
 *
 * <p>Every message is a complete summary, so that slow clients may miss some. One is sent every tick, even if nothing
 * has changed: it shows the client that the connection is alive.
 */
@Component
class SummaryStream {

    static final int CLIENTS = 100;
    private static final Duration TICK = Duration.ofMillis(500);
    // Then clients connect again, which verifies their tokens again.
    private static final Duration LIFE = Duration.ofMinutes(5);
    private final Analytics analytics;
    private final ApplicationAvailability availability;
    private final JsonMapper json;
    private final Semaphore slots = new Semaphore(CLIENTS);
    private byte[] message = new byte[0];
    private long staleAt = System.nanoTime();

    SummaryStream(Analytics analytics, ApplicationAvailability availability, JsonMapper json) {
        this.analytics = analytics;
        this.availability = availability;
        this.json = json;
    }

    /** Sends summaries until the client leaves, the process is about to stop, or the life of the stream is over. */
    void send(HttpServletResponse response) throws InterruptedException {
        if (!slots.tryAcquire()) {
            throw Problem.unavailable("Too many clients follow the stream. Try again later.");
        }
        try {
            response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
            // Makes proxies that support it forward each message immediately.
            response.setHeader("X-Accel-Buffering", "no");
            long end = System.nanoTime() + LIFE.toNanos();
            while (System.nanoTime() < end && availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC) {
                response.getOutputStream().write(message());
                response.flushBuffer();
                Thread.sleep(TICK);
            }
        } catch (IOException left) {
            // There is nobody to send anything to.
        } finally {
            slots.release();
        }
    }

    /** Returns the summary as a message, which all clients share within a tick. */
    private synchronized byte[] message() {
        if (System.nanoTime() >= staleAt) {
            staleAt = System.nanoTime() + TICK.toNanos() / 2;
            message =
                    ("data: " + json.writeValueAsString(analytics.summary()) + "\n\n").getBytes(StandardCharsets.UTF_8);
        }
        return message;
    }
}
