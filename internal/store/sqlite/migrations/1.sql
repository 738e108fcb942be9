-- Times are milliseconds since 1970, 0 for none. Texts and numbers that are
-- not known are '' and 0, which SQLite keeps in no bytes. The numbers of
-- sources, pages, captures, versions and units are never given twice, so a
-- late worker cannot mean another one.

CREATE TABLE outlet (
  n        INTEGER PRIMARY KEY,
  id       TEXT NOT NULL UNIQUE,
  name     TEXT NOT NULL,
  home     TEXT NOT NULL,
  language TEXT NOT NULL,
  added    INTEGER NOT NULL,
  since    INTEGER NOT NULL,
  paused   INTEGER NOT NULL
) STRICT;

-- A host is a registrable domain: its pace, and its lane in the queue. ready
-- is when the lane can next give a unit, null while one is out or none waits.
CREATE TABLE host (
  n     INTEGER PRIMARY KEY,
  name  TEXT NOT NULL UNIQUE,
  next  INTEGER NOT NULL DEFAULT 0,
  ready INTEGER,
  pace  BLOB NOT NULL DEFAULT x'',
  day   TEXT NOT NULL DEFAULT '',
  count INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX host_ready ON host (ready) WHERE ready IS NOT NULL;

CREATE TABLE robots (
  host      INTEGER NOT NULL REFERENCES host ON DELETE CASCADE,
  authority TEXT NOT NULL,
  until     INTEGER NOT NULL,
  rules     BLOB NOT NULL,
  UNIQUE (host, authority)
) STRICT;

CREATE TABLE source (
  n         INTEGER PRIMARY KEY AUTOINCREMENT,
  outlet    INTEGER NOT NULL REFERENCES outlet,
  url       TEXT NOT NULL UNIQUE,
  kind      TEXT NOT NULL,
  title     TEXT NOT NULL,
  language  TEXT NOT NULL,
  etag      TEXT NOT NULL DEFAULT '',
  modified  TEXT NOT NULL DEFAULT '',
  checked   INTEGER NOT NULL DEFAULT 0,
  succeeded INTEGER NOT NULL DEFAULT 0,
  changed   INTEGER NOT NULL DEFAULT 0,
  failures  INTEGER NOT NULL DEFAULT 0,
  status    INTEGER NOT NULL DEFAULT 0,
  error     TEXT NOT NULL DEFAULT '',
  entries   INTEGER NOT NULL DEFAULT 0,
  every     INTEGER NOT NULL DEFAULT 0, -- milliseconds
  next      INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX source_outlet ON source (outlet);

CREATE TABLE page (
  n         INTEGER PRIMARY KEY AUTOINCREMENT,
  id        TEXT NOT NULL,
  outlet    INTEGER REFERENCES outlet,
  url       TEXT NOT NULL,
  host      INTEGER REFERENCES host,
  found     INTEGER NOT NULL,
  title     TEXT NOT NULL,      -- of the entry it was found by
  published TEXT NOT NULL,      -- of that entry
  mark      BLOB NOT NULL,      -- of that entry: store.EntryMark
  source    INTEGER NOT NULL,   -- may be one that is followed no more
  listed    INTEGER NOT NULL,
  etag      TEXT NOT NULL DEFAULT '',
  modified  TEXT NOT NULL DEFAULT '',
  visited   INTEGER NOT NULL DEFAULT 0,
  visits    INTEGER NOT NULL DEFAULT 0,
  status    INTEGER NOT NULL DEFAULT 0,
  outcome   TEXT NOT NULL DEFAULT '',
  gone      INTEGER NOT NULL DEFAULT 0,
  version   INTEGER NOT NULL DEFAULT 0,
  capture   INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX page_outlet ON page (outlet);

-- Every key that a page has, as 16 bytes of a digest: those whose base 32 is
-- dateline.PageID. Page 0 is that of what was erased: its keys stay, so that
-- it does not come back, and say nothing of what it was.
CREATE TABLE address (
  key  BLOB PRIMARY KEY,
  page INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX address_page ON address (page) WHERE page > 0;

-- Pages that turned out to be another, for workers that hold their number.
CREATE TABLE merged (
  page      INTEGER PRIMARY KEY,
  into_page INTEGER NOT NULL REFERENCES page ON DELETE CASCADE
) STRICT;
CREATE INDEX merged_into ON merged (into_page);

CREATE TABLE file (
  n    INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

-- Names of versions of code.
CREATE TABLE code (
  n    INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

-- A capture is known by its place in the archive and its page: a feed's
-- document is the capture of all pages whose text it carries. Page 0 is none.
CREATE TABLE capture (
  n         INTEGER PRIMARY KEY AUTOINCREMENT,
  page      INTEGER NOT NULL,
  url       TEXT,               -- null where it is the page's
  status    INTEGER NOT NULL,
  digest    BLOB NOT NULL,
  fetched   INTEGER NOT NULL,
  file      INTEGER NOT NULL REFERENCES file,
  offset    INTEGER NOT NULL,
  version   INTEGER NOT NULL,
  reader    INTEGER NOT NULL DEFAULT 0, -- code that last read it
  truncated TEXT NOT NULL,
  feed      INTEGER NOT NULL,
  UNIQUE (file, offset, page)
) STRICT;
CREATE INDEX capture_page ON capture (page, fetched);

CREATE TABLE version (
  n         INTEGER PRIMARY KEY AUTOINCREMENT,
  page      INTEGER NOT NULL REFERENCES page,
  digest    BLOB NOT NULL,
  reader    INTEGER NOT NULL REFERENCES code,
  annotator INTEGER NOT NULL DEFAULT 0,
  kind      TEXT NOT NULL,
  language  TEXT NOT NULL,
  title     TEXT NOT NULL,
  published TEXT NOT NULL,      -- as written
  time      INTEGER NOT NULL,   -- by which it is sorted
  current   INTEGER NOT NULL,
  marks     INTEGER NOT NULL DEFAULT 0,
  glance    TEXT NOT NULL DEFAULT '' -- figures to show, one a line
) STRICT;
CREATE INDEX version_page ON version (page);
CREATE INDEX version_time ON version (time) WHERE current = 1;

-- The article's record without marks: JSON, Zstandard.
CREATE TABLE record (
  version INTEGER PRIMARY KEY REFERENCES version ON DELETE CASCADE,
  data    BLOB NOT NULL
) STRICT;

-- Marks as the record has them. value is the record's; the columns before it
-- say the same again where it is asked for:
--   person, organization  name
--   place                 name, what (its kind), country, geonames
--   date                  name (its value), what (its type)
--   figure                what, low and high (null: no bound), name (its unit), modal
--   quote                 name (its speaker's words), what (its type)
-- Names are folded as package lang folds them. first is 0 for a mark that repeats another's name.
CREATE TABLE mark (
  version  INTEGER NOT NULL REFERENCES version ON DELETE CASCADE,
  n        INTEGER NOT NULL,
  kind     TEXT NOT NULL,
  field    TEXT NOT NULL,
  start    INTEGER NOT NULL,
  stop     INTEGER NOT NULL,
  sentence INTEGER NOT NULL,
  sentence_stop INTEGER NOT NULL,
  by       INTEGER NOT NULL REFERENCES code,
  first    INTEGER NOT NULL,
  what     TEXT NOT NULL,
  name     TEXT NOT NULL,
  low      REAL,
  high     REAL,
  modal    INTEGER NOT NULL,
  country  TEXT NOT NULL,
  geonames INTEGER NOT NULL,
  value    TEXT NOT NULL,
  PRIMARY KEY (version, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX mark_figure ON mark (what, low, high) WHERE kind = 'figure';
CREATE INDEX mark_name ON mark (name, kind) WHERE first = 1 AND kind IN ('person', 'organization', 'place');
CREATE INDEX mark_place ON mark (country, geonames) WHERE first = 1 AND kind = 'place';
CREATE INDEX mark_date ON mark (name) WHERE kind = 'date';

-- The search terms of all versions, not of the current ones alone: what a
-- page no longer says can be found too. They are analysed before they come
-- here; the tokenizer only parts them at spaces.
CREATE VIRTUAL TABLE term USING fts5 (
  title, title_stems, text, text_stems,
  content = '', contentless_delete = 1,
  tokenize = "ascii tokenchars '!""#$%&''()*+,-./:;<=>?@[\]^_`{|}~'"
);
-- Parts of the index are merged eight at a time, not four: half the writing,
-- for a few more parts to look into.
INSERT INTO term (term, rank) VALUES ('automerge', 8);

-- state: 0 waiting, 1 out, 2 dead, 3 waiting while its outlet is paused.
CREATE TABLE work (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  stage    TEXT NOT NULL,
  key      INTEGER NOT NULL,
  version  TEXT NOT NULL,
  host     INTEGER REFERENCES host, -- null for no lane
  priority INTEGER NOT NULL,
  due      INTEGER NOT NULL,
  state    INTEGER NOT NULL,
  lease    INTEGER NOT NULL DEFAULT 0,
  tries    INTEGER NOT NULL DEFAULT 0,
  reason   TEXT NOT NULL DEFAULT '',
  at       INTEGER NOT NULL DEFAULT 0, -- when it died
  UNIQUE (stage, key, version)
) STRICT;
CREATE INDEX work_lane ON work (host, priority, due) WHERE state = 0 AND host IS NOT NULL;
CREATE INDEX work_free ON work (stage, priority, due) WHERE state = 0 AND host IS NULL;
CREATE INDEX work_out ON work (host, lease) WHERE state = 1;
CREATE INDEX work_dead ON work (at) WHERE state = 2;

-- Captures of what is erased here and perhaps not yet in the archive.
CREATE TABLE erasing (
  capture INTEGER PRIMARY KEY,
  url     TEXT NOT NULL,
  status  INTEGER NOT NULL,
  digest  BLOB NOT NULL,
  fetched INTEGER NOT NULL,
  file    TEXT NOT NULL,
  offset  INTEGER NOT NULL
) STRICT;
