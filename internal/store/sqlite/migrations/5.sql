-- Whether a unit that is out was begun alone, so that an end of the program
-- meanwhile is held against it.
ALTER TABLE work ADD COLUMN begun INTEGER NOT NULL DEFAULT 0;
