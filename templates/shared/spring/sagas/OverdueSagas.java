package com.example.shop.sagas;

import org.springframework.stereotype.Component;

import com.example.shop.chassis.startup.Command;

/** Lists the sagas beyond their deadline and their last errors. */
@Component
class OverdueSagas implements Command {

    private final SagaRepository sagas;

    OverdueSagas(SagaRepository sagas) {
        this.sagas = sagas;
    }

    @Override
    public String name() {
        return "overdue-sagas";
    }

    @Override
    public void run() {
        for (OverdueSaga each : sagas.overdue()) {
            System.out.printf(
                    "%s %s %s %d %s%n",
                    each.orderId(), each.deadline(), each.stage(), each.attempts(), each.lastError());
        }
    }
}
