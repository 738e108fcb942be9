-- Entries of the last document that lead to other sites, and the sitemap index
-- that names the source: 0 for one that the outlet was added with.
ALTER TABLE source ADD COLUMN elsewhere INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN parent INTEGER NOT NULL DEFAULT 0;
CREATE INDEX source_parent ON source (parent) WHERE parent > 0;
