-- When a capture counts as seen, which puts the captures of a page in order:
-- when it was fetched. A date that is ahead, in another's archive or as the
-- clock was, counts as the time when it was imported, then as that of the next
-- visit.
ALTER TABLE capture ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;
UPDATE capture SET seen = fetched;
DROP INDEX capture_page;
CREATE INDEX capture_page ON capture (page, seen);
