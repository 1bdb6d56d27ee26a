CREATE TABLE stock (
    sku varchar(64) ${by_code_point} PRIMARY KEY,
    on_hand bigint NOT NULL,
    reserved bigint NOT NULL,
    -- Units ever supplied: on_hand plus the units sold.
    supplied bigint NOT NULL,
    CONSTRAINT ck_stock_reserved CHECK (reserved >= 0 AND reserved <= on_hand)
);
CREATE TABLE reservation (
    order_id ${uuid} PRIMARY KEY,
    state varchar(16) NOT NULL
);
CREATE TABLE reservation_line (
    order_id ${uuid} NOT NULL,
    sku varchar(64) ${by_code_point} NOT NULL,
    quantity integer NOT NULL,
    PRIMARY KEY (order_id, sku),
    FOREIGN KEY (order_id) REFERENCES reservation (order_id)
);
