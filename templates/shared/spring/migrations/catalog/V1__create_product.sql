CREATE TABLE product (
    sku varchar(64) ${by_code_point} PRIMARY KEY,
    name varchar(200) NOT NULL,
    folded_name varchar(600) NOT NULL,
    description varchar(4000) NOT NULL,
    category varchar(100) NOT NULL,
    price bigint NOT NULL,
    version integer NOT NULL,
    CONSTRAINT ck_product_price CHECK (price >= 0)
);
CREATE INDEX ix_product_category_sku ON product (category, sku);
-- The trigrams of each product's folded name, by which searches find it.
CREATE TABLE product_trigram (
    -- Three characters, for which some databases count six.
    trigram varchar(6) ${by_code_point} NOT NULL,
    sku varchar(64) ${by_code_point} NOT NULL,
    PRIMARY KEY (trigram, sku)
);
CREATE TABLE catalog_currency (
    id smallint PRIMARY KEY,
    code varchar(3) NOT NULL
);
