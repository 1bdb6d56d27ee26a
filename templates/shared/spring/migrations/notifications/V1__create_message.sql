CREATE TABLE message (
    id ${uuid} PRIMARY KEY,
    event_id ${uuid} NOT NULL,
    user_id ${uuid} NOT NULL,
    order_id ${uuid} NOT NULL,
    about varchar(100) NOT NULL,
    text varchar(500) NOT NULL,
    created_at ${timestamp} NOT NULL
);
CREATE TABLE inbox (
    consumer varchar(64) NOT NULL,
    event_id ${uuid} NOT NULL,
    handled_at ${timestamp} NOT NULL,
    PRIMARY KEY (consumer, event_id)
);
