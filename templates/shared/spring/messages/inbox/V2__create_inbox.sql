CREATE TABLE inbox (
    consumer varchar(64) NOT NULL,
    event_id ${uuid} NOT NULL,
    handled_at ${timestamp} NOT NULL,
    PRIMARY KEY (consumer, event_id)
);
