"""Order saga: places and cancels orders across services; its state is stored until it ends.

There is one row per order in flight. `order_processor.SagaOrderProcessor` inserts it in the transaction that
stores the order. `worker.SagaWorker` runs the saga, and resumes it in another process after a crash.
`definition.SagaDefinition` is the sequence of steps, each a call of `ports.Inventory` or `ports.Payments`.
"""
