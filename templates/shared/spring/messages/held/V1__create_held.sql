-- Events in the retry topics; later events of their keys wait behind them.
CREATE TABLE held (
    consumer varchar(64) NOT NULL,
    topic varchar(100) NOT NULL,
    "key" varchar(100) NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (consumer, topic, "key", position)
);
