-- For tests of the database: a table of no context.
CREATE TABLE item (
    user_id ${uuid} NOT NULL,
    sku varchar(64) ${by_code_point} NOT NULL,
    quantity integer NOT NULL,
    revision ${uuid} NOT NULL,
    changed_at ${timestamp},
    PRIMARY KEY (user_id, sku)
);
