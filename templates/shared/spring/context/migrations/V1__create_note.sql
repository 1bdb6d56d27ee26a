CREATE TABLE note (
    user_id ${uuid} NOT NULL,
    id ${uuid} NOT NULL,
    -- Twice as many as the API admits: some databases count two for a character outside of Unicode's first plane.
    text varchar(2000) NOT NULL,
    PRIMARY KEY (user_id, id)
);
