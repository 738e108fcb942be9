-- What people add to the record. Passwords, sessions and tokens come hashed.
-- A by is a user's name, which stays when the user goes.

-- folded is the name as package lang folds it. Sessions of an older epoch are
-- over. Numbers are never given twice, so nothing of one who went is another's.
CREATE TABLE user (
  n        INTEGER PRIMARY KEY AUTOINCREMENT,
  name     TEXT NOT NULL,
  folded   TEXT NOT NULL UNIQUE,
  role     TEXT NOT NULL,
  password TEXT NOT NULL,
  epoch    INTEGER NOT NULL,
  created  INTEGER NOT NULL,
  seen     INTEGER NOT NULL,
  settings TEXT NOT NULL
) STRICT;

CREATE TABLE session (
  hash  TEXT PRIMARY KEY,
  data  BLOB NOT NULL,
  until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_until ON session (until);

CREATE TABLE token (
  n       INTEGER PRIMARY KEY AUTOINCREMENT,
  user    INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
  name    TEXT NOT NULL,
  hash    TEXT NOT NULL UNIQUE,
  scopes  TEXT NOT NULL,         -- with spaces between
  created INTEGER NOT NULL,
  used    INTEGER NOT NULL,
  until   INTEGER NOT NULL       -- 0 for without end
) STRICT;
CREATE INDEX token_user ON token (user);

-- What editors say of marks. A mark is known by where it stands. start and stop
-- are the same where the text was read otherwise and the words are there no
-- more.
CREATE TABLE review (
  n       INTEGER PRIMARY KEY AUTOINCREMENT,
  version INTEGER NOT NULL REFERENCES version ON DELETE CASCADE,
  kind    TEXT NOT NULL,
  field   TEXT NOT NULL,
  start   INTEGER NOT NULL,
  stop    INTEGER NOT NULL,
  text    TEXT NOT NULL,
  was     TEXT NOT NULL,
  verdict TEXT NOT NULL,
  value   TEXT NOT NULL,
  reason  TEXT NOT NULL,
  by      TEXT NOT NULL,
  at      INTEGER NOT NULL
) STRICT;
CREATE INDEX review_version ON review (version);

-- User 0 is who needs no login. put is when the page got a star or a note.
CREATE TABLE reading (
  user    INTEGER NOT NULL,
  page    INTEGER NOT NULL REFERENCES page ON DELETE CASCADE,
  version INTEGER NOT NULL,      -- 0 for unread
  read    INTEGER NOT NULL,
  starred INTEGER NOT NULL,
  note    TEXT NOT NULL,
  put     INTEGER NOT NULL,
  PRIMARY KEY (user, page)
) STRICT, WITHOUT ROWID;
CREATE INDEX reading_page ON reading (page);
CREATE INDEX reading_put ON reading (user, put, page) WHERE starred > 0 OR note <> '';

CREATE TABLE collection (
  n       INTEGER PRIMARY KEY AUTOINCREMENT,
  id      TEXT NOT NULL UNIQUE,
  name    TEXT NOT NULL,
  note    TEXT NOT NULL,
  query   TEXT NOT NULL,
  public  INTEGER NOT NULL,
  by      TEXT NOT NULL,
  created INTEGER NOT NULL,
  changed INTEGER NOT NULL
) STRICT;

CREATE TABLE item (
  n          INTEGER PRIMARY KEY AUTOINCREMENT,
  collection INTEGER NOT NULL REFERENCES collection ON DELETE CASCADE,
  version    INTEGER NOT NULL REFERENCES version ON DELETE CASCADE,
  note       TEXT NOT NULL,
  by         TEXT NOT NULL,
  added      INTEGER NOT NULL,
  UNIQUE (collection, version)
) STRICT;
CREATE INDEX item_version ON item (version);

-- Editions are cited: a collection that has one is not removed.
CREATE TABLE edition (
  collection INTEGER NOT NULL REFERENCES collection,
  number     INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  by         TEXT NOT NULL,
  digest     TEXT NOT NULL,
  data       BLOB NOT NULL,
  PRIMARY KEY (collection, number)
) STRICT;

-- Searches that are asked again. User 0 is who needs no login.
CREATE TABLE saved (
  n        INTEGER PRIMARY KEY AUTOINCREMENT,
  id       TEXT NOT NULL UNIQUE,
  user     INTEGER NOT NULL,
  name     TEXT NOT NULL,
  query    TEXT NOT NULL,
  created  INTEGER NOT NULL,
  seen     INTEGER NOT NULL,
  mail     TEXT NOT NULL,
  webhook  TEXT NOT NULL,
  secret   TEXT NOT NULL,
  every    INTEGER NOT NULL,     -- milliseconds
  sent     INTEGER NOT NULL,
  sent_at  INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  error    TEXT NOT NULL,
  retry    INTEGER NOT NULL
) STRICT;
CREATE INDEX saved_user ON saved (user);

-- The version whose place a version took when the same capture was read
-- otherwise, or the first of them; 0 for none. What was no news before it is
-- none now.
ALTER TABLE version ADD COLUMN news INTEGER NOT NULL DEFAULT 0;
-- Those that are news and not annotated: what asks for marks waits for them.
CREATE INDEX version_unmarked ON version (n) WHERE annotator = 0 AND news = 0;
