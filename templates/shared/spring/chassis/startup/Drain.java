package com.example.shop.chassis.startup;

import java.time.Duration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Keeps serving for some seconds after the signal to stop, but is not ready, so that the edge sends no more requests. */
@Component
@ConditionalOnWebApplication
class Drain implements SmartLifecycle {

    private final ApplicationContext context;
    private final Duration duration;
    private volatile boolean running;

    Drain(ApplicationContext context, ProcessSettings settings) {
        this.context = context;
        this.duration = Duration.ofSeconds(settings.drainSeconds());
    }

    @Override
    public void start() {
        running = true;
    }

    /** Waits. The default phase stops first, so the server does not close its port before. */
    @Override
    public void stop() {
        AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
        try {
            Thread.sleep(duration);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
