-- What the server reserved when it gave the capture: "noarchive".
ALTER TABLE capture ADD COLUMN rights TEXT NOT NULL DEFAULT '';
