-- Whether a source has asked for a look by listing the page otherwise, and how
-- many such looks in a row found no new text.
ALTER TABLE page ADD COLUMN relisted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE page ADD COLUMN relooks INTEGER NOT NULL DEFAULT 0;
-- Keys that pages say are theirs and that they are not given for that, as
-- other pages may have them, or get them. Pages with the same text are one if
-- a claim goes from one to the other.
CREATE TABLE claim (
  key  BLOB NOT NULL,
  page INTEGER NOT NULL,
  PRIMARY KEY (key, page)
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_page ON claim (page);
