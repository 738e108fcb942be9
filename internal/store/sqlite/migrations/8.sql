-- What counting and listing marks of many articles needs.

-- The names an article has, each once, a line each, its fields with tabs
-- between: so counting the names of thousands of articles reads a row of each.
--   p  name  role  organization
--   o  name  acronym
--   l  name  kind  country  geonames  latitude  longitude
ALTER TABLE version ADD COLUMN names TEXT NOT NULL DEFAULT '';

-- What the marks of versions are looked up by: "+figure" for each kind there
-- is, and for each name "=p·rano·wirya" and its words in a row, "p·rano
-- p·wirya".
CREATE VIRTUAL TABLE named USING fts5 (
  names,
  content = '', contentless_delete = 1,
  tokenize = "ascii tokenchars '!""#$%&''()*+,-./:;<=>?@[\]^_`{|}~'"
);
INSERT INTO named (named, rank) VALUES ('automerge', 8);
DROP INDEX mark_name;

-- Figures by size.
CREATE INDEX mark_size ON mark (what, coalesce(low, high)) WHERE kind = 'figure' AND coalesce(low, high) IS NOT NULL;

UPDATE version SET names = coalesce((SELECT group_concat(line, char(10)) FROM (
  SELECT CASE kind
    WHEN 'person' THEN 'p' || char(9) || coalesce(min(value ->> '$.name'), '') || char(9) || coalesce(max(value ->> '$.role'), '') || char(9) || coalesce(max(value ->> '$.organization'), '')
    WHEN 'organization' THEN 'o' || char(9) || coalesce(min(value ->> '$.name'), '') || char(9) || coalesce(max(value ->> '$.acronym'), '')
    ELSE 'l' || char(9) || coalesce(min(value ->> '$.name'), '') || char(9) || max(what) || char(9) || max(country) || char(9) || iif(max(geonames) > 0, max(geonames), '')
      || char(9) || coalesce(max(value ->> '$.lat'), '') || char(9) || coalesce(max(value ->> '$.lon'), '')
    END AS line
  FROM mark m WHERE m.version = version.n AND kind IN ('person', 'organization', 'place') AND name <> ''
  GROUP BY kind, name ORDER BY min(m.n) LIMIT 200)), '') WHERE marks > 0;

INSERT INTO named (rowid, names)
  SELECT n, (SELECT group_concat(word, ' ') FROM (
    SELECT DISTINCT '+' || kind AS word FROM mark WHERE version = v.n
    UNION ALL
    SELECT DISTINCT '=' || letter || '·' || replace(name, ' ', '·') || ' ' || letter || '·' || replace(name, ' ', ' ' || letter || '·') FROM (
      SELECT name, CASE kind WHEN 'person' THEN 'p' WHEN 'organization' THEN 'o' ELSE 'l' END AS letter
      FROM mark WHERE version = v.n AND kind IN ('person', 'organization', 'place') AND name <> '')))
  FROM version v WHERE marks > 0;
