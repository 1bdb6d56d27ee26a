CREATE TABLE "order" (
    id ${uuid} PRIMARY KEY,
    user_id ${uuid} NOT NULL,
    from_cart boolean NOT NULL,
    state varchar(16) NOT NULL,
    reason varchar(32),
    total bigint NOT NULL,
    currency varchar(3) NOT NULL,
    created_at ${timestamp} NOT NULL,
    updated_at ${timestamp} NOT NULL,
    -- When a cancelled order was confirmed; null in other states.
    confirmed_at ${timestamp}
);
CREATE INDEX ix_order_user_id_id ON "order" (user_id, id);
CREATE INDEX ix_order_state_id ON "order" (state, id);
CREATE TABLE order_line (
    order_id ${uuid} NOT NULL,
    position smallint NOT NULL,
    sku varchar(64) ${by_code_point} NOT NULL,
    quantity integer NOT NULL,
    unit_price bigint NOT NULL,
    PRIMARY KEY (order_id, position),
    FOREIGN KEY (order_id) REFERENCES "order" (id)
);
-- Cart items that are ordered. The primary key decides which of several orders gets an item.
CREATE TABLE ordered_cart_item (
    user_id ${uuid} NOT NULL,
    sku varchar(64) ${by_code_point} NOT NULL,
    revision ${uuid} NOT NULL,
    order_id ${uuid} NOT NULL,
    PRIMARY KEY (user_id, sku, revision)
);
CREATE INDEX ix_ordered_cart_item_order_id ON ordered_cart_item (order_id);
-- Responses to requests; the primary key decides which of several equal requests places the order.
CREATE TABLE idempotency (
    user_id ${uuid} NOT NULL,
    "key" varchar(255) ${by_code_point} NOT NULL,
    fingerprint varchar(64) NOT NULL,
    order_id ${uuid} NOT NULL,
    body ${bytes} NOT NULL,
    PRIMARY KEY (user_id, "key")
);
CREATE INDEX ix_idempotency_order_id ON idempotency (order_id);
CREATE TABLE outbox (
    position bigint ${identity} PRIMARY KEY,
    id ${uuid} NOT NULL UNIQUE,
    type varchar(100) NOT NULL,
    version integer NOT NULL,
    time ${timestamp} NOT NULL,
    "key" varchar(100) NOT NULL,
    traceparent varchar(55),
    data ${bytes} NOT NULL,
    attempts integer NOT NULL,
    due_at ${timestamp} NOT NULL,
    dead_at ${timestamp}
);
CREATE INDEX ix_outbox_key_position ON outbox ("key", position);
