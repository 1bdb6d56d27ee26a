"""How orders are placed and cancelled across services: by a saga, kept in the database until it has ended.

A saga is one row per order that is on its way. `order_processor.SagaOrderProcessor` opens it in the
transaction that stores the order, `worker.SagaWorker` carries it on, here or, after a crash, in another
process, and `definition.SagaDefinition` says what is done: it takes the steps that `ports.Inventory` and
`ports.Payments` offer.
"""
