-- What was put by before there was an administrator is the first one's: nobody
-- comes without a login since.
UPDATE saved SET user = (SELECT min(n) FROM user WHERE role = 'admin') WHERE user = 0 AND EXISTS (SELECT 1 FROM user WHERE role = 'admin');
UPDATE OR IGNORE reading SET user = (SELECT min(n) FROM user WHERE role = 'admin') WHERE user = 0 AND EXISTS (SELECT 1 FROM user WHERE role = 'admin');
