package com.example.shop.chassis.calls;

import java.util.concurrent.atomic.AtomicInteger;

/** Limits retries to a tenth of all calls, so that they never multiply the load on a failing service. */
class RetryBudget {

    private static final int PRICE = 10;
    private static final int RESERVE = 10 * PRICE;
    private final AtomicInteger credit = new AtomicInteger(RESERVE);

    /** Credits one call to the budget. */
    void earn() {
        credit.updateAndGet(left -> Math.min(RESERVE, left + 1));
    }

    /** Pays for one retry; returns false if the budget is exhausted. */
    boolean spend() {
        return credit.getAndUpdate(left -> left < PRICE ? left : left - PRICE) >= PRICE;
    }
}
