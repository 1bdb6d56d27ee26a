/**
 * The order saga: places and cancels orders across services; its state is stored until it ends.
 *
 * <p>There is one row per order in flight. {@link SagaOrderProcessor} inserts it in the transaction that stores the
 * order. {@link SagaWorker} runs the saga, and resumes it in another process after a crash. {@link SagaDefinition} is
 * the sequence of steps, each a call of {@link Inventory} or {@link Payments}.
 */
@ApplicationModule(allowedDependencies = {"chassis", "orders"})
@NullMarked
package com.example.shop.sagas;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
