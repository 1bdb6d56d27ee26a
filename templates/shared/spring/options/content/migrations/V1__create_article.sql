CREATE TABLE article (
    id ${uuid} PRIMARY KEY,
    author_id ${uuid} NOT NULL,
    state varchar(16) NOT NULL,
    revision integer NOT NULL,
    version integer NOT NULL,
    publish_at ${timestamp}
);
CREATE INDEX ix_article_author_id_id ON article (author_id, id);
CREATE INDEX ix_article_state_id ON article (state, id);
CREATE INDEX ix_article_publish_at ON article (publish_at);
-- Rows are only added. The content of a version never changes.
CREATE TABLE article_version (
    article_id ${uuid} NOT NULL,
    number integer NOT NULL,
    saved_by ${uuid} NOT NULL,
    saved_at ${timestamp} NOT NULL,
    slug varchar(100) ${by_code_point} NOT NULL,
    -- Twice as many as the API admits: some databases count two for a character outside of Unicode's first plane.
    title varchar(400) NOT NULL,
    summary varchar(2000) NOT NULL,
    body text NOT NULL,
    category varchar(100) ${by_code_point} NOT NULL,
    media text NOT NULL,
    PRIMARY KEY (article_id, number),
    FOREIGN KEY (article_id) REFERENCES article (id)
);
-- The primary key decides which of several articles gets a slug. Slugs that were public stay with their article, and
-- lead to it.
CREATE TABLE article_slug (
    slug varchar(100) ${by_code_point} PRIMARY KEY,
    article_id ${uuid} NOT NULL,
    was_public boolean NOT NULL,
    FOREIGN KEY (article_id) REFERENCES article (id)
);
CREATE INDEX ix_article_slug_article_id ON article_slug (article_id);
-- What readers see: the published version of each article. Positions sort by the time of publication.
CREATE TABLE public_article (
    article_id ${uuid} PRIMARY KEY,
    position ${uuid} NOT NULL UNIQUE,
    version integer NOT NULL,
    category varchar(100) ${by_code_point} NOT NULL,
    published_at ${timestamp} NOT NULL,
    updated_at ${timestamp} NOT NULL,
    FOREIGN KEY (article_id) REFERENCES article (id)
);
CREATE INDEX ix_public_article_category_position ON public_article (category, position);
CREATE INDEX ix_public_article_updated_at ON public_article (updated_at);
-- The words of the public articles. The primary key finds the articles with one of them.
CREATE TABLE article_word (
    word varchar(80) ${by_code_point} NOT NULL,
    article_id ${uuid} NOT NULL,
    PRIMARY KEY (word, article_id),
    FOREIGN KEY (article_id) REFERENCES article (id)
);
CREATE INDEX ix_article_word_article_id ON article_word (article_id);
-- Every publication, with the hash of what was published, for the audit. Rows are only added.
CREATE TABLE publication (
    id ${uuid} PRIMARY KEY,
    article_id ${uuid} NOT NULL,
    version integer NOT NULL,
    slug varchar(100) ${by_code_point} NOT NULL,
    digest ${bytes} NOT NULL,
    published_at ${timestamp} NOT NULL,
    FOREIGN KEY (article_id) REFERENCES article (id)
);
CREATE INDEX ix_publication_article_id_version ON publication (article_id, version);
CREATE TABLE staff_member (
    user_id ${uuid} PRIMARY KEY,
    role varchar(16) NOT NULL
);
