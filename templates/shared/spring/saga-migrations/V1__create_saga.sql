-- A row for each order in flight; deleted when the saga ends.
CREATE TABLE saga (
    order_id ${uuid} PRIMARY KEY,
    user_id ${uuid} NOT NULL,
    stage varchar(16) NOT NULL,
    reason varchar(32),
    deadline ${timestamp} NOT NULL,
    attempts integer NOT NULL,
    -- Why the latest run failed.
    obstacle varchar(500),
    -- Fencing token; every claim sets a new one.
    claim ${uuid} NOT NULL,
    -- When it may be claimed: after the pause that follows a failure, or when the lease expires.
    due_at ${timestamp} NOT NULL,
    -- The trace of the request that opened the saga.
    traceparent varchar(55)
);
CREATE INDEX ix_saga_due_at ON saga (due_at);
