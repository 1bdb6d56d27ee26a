-- The offset up to which each partition is counted. Every write checks the generation and the position that it started
-- from, so that of two consumers, or a consumer and a rebuild, only one can count a message.
CREATE TABLE progress (
    topic varchar(100) NOT NULL,
    "partition" integer NOT NULL,
    generation bigint NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (topic, "partition")
);
-- Counts by minute of Unix time, as JSON; the position is that of the partition at the last change of the bucket.
CREATE TABLE bucket (
    topic varchar(100) NOT NULL,
    "partition" integer NOT NULL,
    "minute" bigint NOT NULL,
    position bigint NOT NULL,
    data ${large_bytes} NOT NULL,
    PRIMARY KEY (topic, "partition", "minute")
);
CREATE TABLE analytics_currency (
    id smallint PRIMARY KEY,
    code varchar(3) NOT NULL
);
