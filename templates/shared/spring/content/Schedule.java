package com.example.shop.content;

import java.util.concurrent.TimeUnit;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Publishes scheduled articles in the processes that serve requests. Any number of them can share the work. */
@Component
class Schedule {

    private final Publications publications;
    private final ApplicationAvailability availability;

    Schedule(Publications publications, ApplicationAvailability availability) {
        this.publications = publications;
        this.availability = availability;
    }

    /** Looks for articles that are due. Before the process is ready, the database may not have its tables yet. */
    @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
    void publishDue() {
        if (availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC) {
            publications.publishDue();
        }
    }
}
