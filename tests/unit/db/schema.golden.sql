CREATE TABLE blob (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  digest BLOB NOT NULL CHECK (length(digest) = 64),
  size INTEGER NOT NULL CHECK (size >= 0),
  verified INTEGER
) STRICT;
CREATE TABLE image (
  blob_id INTEGER PRIMARY KEY REFERENCES blob (id) ON DELETE CASCADE,
  sequence INTEGER NOT NULL UNIQUE,
  name TEXT NOT NULL,
  latest INTEGER NOT NULL CHECK (latest IN (0, 1)),
  import_time INTEGER NOT NULL,
  last_used INTEGER NOT NULL,
  manifest BLOB NOT NULL
) STRICT;
CREATE INDEX image_by_name ON image (name, latest, sequence);
CREATE INDEX image_by_last_used ON image (last_used);
CREATE TABLE label (
  blob_id INTEGER NOT NULL REFERENCES image (blob_id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  position INTEGER NOT NULL,
  image_name TEXT NOT NULL,
  latest INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  PRIMARY KEY (blob_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX label_by_value ON label (image_name, name, value, latest, sequence);
CREATE TABLE pin (
  blob_id INTEGER NOT NULL REFERENCES blob (id) ON DELETE CASCADE,
  owner TEXT NOT NULL,
  expires INTEGER,
  PRIMARY KEY (blob_id, owner)
) STRICT, WITHOUT ROWID;
CREATE TABLE source (
  device INTEGER NOT NULL,
  inode INTEGER NOT NULL,
  size INTEGER NOT NULL,
  mtime INTEGER NOT NULL,
  ctime INTEGER NOT NULL,
  blob_id INTEGER NOT NULL REFERENCES blob (id) ON DELETE CASCADE,
  compression TEXT NOT NULL,
  PRIMARY KEY (device, inode)
) STRICT, WITHOUT ROWID;
CREATE INDEX source_by_blob ON source (blob_id);
CREATE TABLE remote (
  aci_url TEXT PRIMARY KEY,
  sig_url TEXT NOT NULL,
  etag TEXT NOT NULL,
  blob_id INTEGER NOT NULL REFERENCES blob (id) ON DELETE CASCADE,
  cache_max_age INTEGER NOT NULL,
  download_time INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX remote_by_blob ON remote (blob_id);
CREATE TABLE counter (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
