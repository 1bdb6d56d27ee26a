CREATE TABLE cart_item (
    user_id ${uuid} NOT NULL,
    sku varchar(64) ${by_code_point} NOT NULL,
    quantity integer NOT NULL,
    -- New with every change, so that an order names exactly what it bought.
    revision ${uuid} NOT NULL,
    PRIMARY KEY (user_id, sku)
);
