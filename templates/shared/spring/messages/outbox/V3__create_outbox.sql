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
