CREATE TABLE users (
    id ${uuid} PRIMARY KEY,
    email varchar(254) NOT NULL UNIQUE,
    password_hash varchar(255) NOT NULL,
    roles varchar(100) NOT NULL,
    created_at ${timestamp} NOT NULL
);
CREATE TABLE sessions (
    id ${uuid} PRIMARY KEY,
    user_id ${uuid} NOT NULL,
    secret_hash ${bytes} NOT NULL,
    expires_at ${timestamp} NOT NULL,
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX ix_sessions_user_id ON sessions (user_id);
CREATE INDEX ix_sessions_expires_at ON sessions (expires_at);
