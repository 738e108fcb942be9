-- A country or a region is one, whatever an article's language calls it: the
-- number of a place that has none in GeoNames is one of its kind and its middle,
-- above all of those.
UPDATE mark SET geonames = (1 << 44) + ((what = 'region') << 43)
    + (CAST(round((value ->> '$.lat' + 90) * 10000) AS INTEGER) << 22) + CAST(round((value ->> '$.lon' + 180) * 10000) AS INTEGER)
  WHERE kind = 'place' AND geonames = 0 AND what IN ('country', 'region')
    AND value ->> '$.lat' BETWEEN -90 AND 90 AND value ->> '$.lon' BETWEEN -180 AND 180;
