package com.example.shop.chassis;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/** A background thread repeats its work, also after a failure, until it is stopped. */
@Timeout(60)
class BackgroundThreadTest {

    private static final Duration LONG = Duration.ofMinutes(5);
    private final BlockingQueue<String> done = new LinkedBlockingQueue<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile boolean failing;
    private volatile boolean blocking;

    private final BackgroundThread thread =
            new BackgroundThread(Thread.ofVirtual().name("sample"), LONG) {
                @Override
                protected void work() throws InterruptedException {
                    if (blocking) {
                        done.add("begun");
                        released.await();
                    }
                    done.add("done");
                    if (failing) {
                        failing = false;
                        throw new IllegalStateException("planted");
                    }
                    awaitWake(LONG);
                }
            };

    @AfterEach
    void stop() {
        released.countDown();
        thread.stop();
    }

    private String next() throws InterruptedException {
        return String.valueOf(done.poll(30, TimeUnit.SECONDS));
    }

    @Test
    void theWorkIsRepeatedWhenTheThreadIsWoken() throws Exception {
        thread.start();
        assertThat(next()).isEqualTo("done");
        thread.wake();
        assertThat(next()).isEqualTo("done");
    }

    @Test
    void theWorkIsRepeatedAfterAFailure() throws Exception {
        failing = true;
        thread.start();
        assertThat(next()).isEqualTo("done");
        assertThat(next()).isEqualTo("done");
    }

    @Test
    void aStopEndsTheWait() throws Exception {
        thread.start();
        next();
        thread.stop();
        assertThat(thread.isRunning()).isFalse();
        thread.wake();
        assertThat(done).isEmpty();
    }

    @Test
    void aStopWaitsForTheEndOfTheWork() throws Exception {
        blocking = true;
        thread.start();
        assertThat(next()).isEqualTo("begun");
        blocking = false;
        Thread stopping = Thread.startVirtualThread(thread::stop);
        assertThat(stopping.join(Duration.ofMillis(100))).isFalse();
        released.countDown();
        stopping.join();
        assertThat(done).containsExactly("done");
    }

    @Test
    void aStoppedThreadCanBeStartedAgain() throws Exception {
        thread.start();
        next();
        thread.stop();
        thread.start();
        assertThat(thread.isRunning()).isTrue();
        assertThat(next()).isEqualTo("done");
    }
}
