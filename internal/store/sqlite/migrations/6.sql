-- How many redirects for the moment led to the page from one that was listed.
ALTER TABLE page ADD COLUMN hops INTEGER NOT NULL DEFAULT 0;
