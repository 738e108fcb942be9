-- Figures by the greatest they may be, which a query for "at least" asks for;
-- the index by kind alone went from the least, and read all of a kind.
DROP INDEX mark_figure;
CREATE INDEX mark_most ON mark (what, coalesce(high, low)) WHERE kind = 'figure';

-- The names of a place and the articles that have it under any of them: a place
-- is one, whatever an article's language calls it.
DROP INDEX mark_place;
CREATE INDEX mark_called ON mark (name, geonames) WHERE first = 1 AND kind = 'place' AND geonames > 0;
CREATE INDEX mark_place ON mark (geonames) WHERE first = 1 AND kind = 'place' AND geonames > 0;

-- Nothing asks for dates by their value.
DROP INDEX mark_date;
