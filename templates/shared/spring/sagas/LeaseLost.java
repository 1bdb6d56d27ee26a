package com.example.shop.sagas;

/** The lease expired and another worker claimed the saga; this worker may not change it any longer. */
class LeaseLost extends RuntimeException {

    LeaseLost() {
        super("Another worker has claimed the saga.", null, false, false);
    }
}
