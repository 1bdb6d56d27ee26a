package com.example.shop.sagas;

/** The decision taken about an order, which determines the remaining steps. Decisions are final. */
enum Stage {
    TRYING,
    PAID,
    GIVING_UP,
    CANCELLING
}
