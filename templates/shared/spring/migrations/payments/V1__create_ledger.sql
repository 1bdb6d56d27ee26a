CREATE TABLE wallet (
    user_id ${uuid} PRIMARY KEY,
    balance bigint NOT NULL,
    CONSTRAINT ck_wallet_balance CHECK (balance >= 0)
);
CREATE TABLE ledger_entry (
    id ${uuid} PRIMARY KEY,
    -- The id of the order or top-up.
    reference ${uuid} NOT NULL,
    kind varchar(16) NOT NULL,
    -- A user's id, or one of the shop's own accounts.
    account ${uuid} NOT NULL,
    amount bigint NOT NULL,
    created_at ${timestamp} NOT NULL,
    CONSTRAINT uq_ledger_entry_reference_kind_account UNIQUE (reference, kind, account)
);
CREATE TABLE top_up (
    id ${uuid} PRIMARY KEY,
    admin_id ${uuid} NOT NULL,
    "key" varchar(255) ${by_code_point} NOT NULL,
    user_id ${uuid} NOT NULL,
    amount bigint NOT NULL,
    balance bigint NOT NULL,
    CONSTRAINT uq_top_up_admin_id_key UNIQUE (admin_id, "key")
);
CREATE TABLE payments_currency (
    id smallint PRIMARY KEY,
    code varchar(3) NOT NULL
);
