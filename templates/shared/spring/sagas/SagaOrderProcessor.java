package com.example.shop.sagas;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.database.Transactions;
import com.example.shop.orders.OrderProcessor;
import com.example.shop.orders.OrderRecord;
import com.example.shop.orders.OrderRepository;
import com.example.shop.orders.OrderRequest;

/** Starts a saga for every order to place or cancel; callers get the order while its saga still runs. */
@Component
class SagaOrderProcessor implements OrderProcessor {

    private final Transactions transactions;
    private final OrderRepository orders;
    private final SagaRepository sagas;
    private final SagaWorker worker;

    SagaOrderProcessor(Transactions transactions, OrderRepository orders, SagaRepository sagas, SagaWorker worker) {
        this.transactions = transactions;
        this.orders = orders;
        this.sagas = sagas;
        this.worker = worker;
    }

    /** Stores the pending order and its saga, both or neither. */
    @Override
    public OrderRecord place(OrderRecord placed, OrderRequest request) {
        Saga saga = sagas.open(placed, Stage.TRYING);
        worker.submit(
                saga,
                placed,
                claimed -> transactions.run(() -> {
                    orders.add(placed, request);
                    sagas.add(saga, claimed);
                    return saga;
                }));
        return placed;
    }

    /** Stores a cancellation saga; the order stays confirmed until units and money are returned. */
    @Override
    public OrderRecord cancel(OrderRecord confirmed) {
        Saga saga = sagas.open(confirmed, Stage.CANCELLING);
        try {
            worker.submit(
                    saga,
                    confirmed,
                    claimed -> transactions.run(() -> {
                        sagas.add(saga, claimed);
                        return saga;
                    }));
        } catch (DuplicateKeyException concurrent) {
            // Of two concurrent cancellations, only one stores the saga.
            return confirmed;
        }
        return confirmed;
    }
}
