-- When an instance's number was seen to have dropped by one look, until a second one has looked.
ALTER TABLE instances ADD COLUMN link_doubted_at BIGINT;

-- What lives, platform by platform, and what a platform's own ids are of.
CREATE INDEX instances_held ON instances (platform, id) WHERE state NOT IN ('deleted', 'failed');
CREATE INDEX instances_by_remote_id ON instances (platform, remote_id)
  WHERE remote_id IS NOT NULL;
-- What was called lately is no difference: the platform's list may be from before.
CREATE INDEX platform_calls_closed ON platform_calls (closed_at) WHERE closed_at IS NOT NULL;
-- What the platform inside the bot still holds.
CREATE INDEX embedded_living ON embedded_instances (id) WHERE state <> 'deleted';

-- The last night's comparison with each platform.
CREATE TABLE comparisons (
  platform   TEXT   PRIMARY KEY,
  night      TEXT   NOT NULL,
  state      TEXT   NOT NULL CHECK (state IN ('silent', 'over')),
  -- When it was over, or is tried again.
  at         BIGINT NOT NULL,
  attempts   INTEGER NOT NULL DEFAULT 0,
  error      TEXT,
  held       INTEGER NOT NULL DEFAULT 0,
  -- Days on the operator's own account there, and what partners hold in all; NULL: it has none.
  days_left  BIGINT,
  days_owed  BIGINT,
  -- The night whose card tells what differs.
  card       TEXT
);

-- What differed: found in a night, seen last in another, until it is gone or seen to.
CREATE TABLE differences (
  id          TEXT   PRIMARY KEY,
  platform    TEXT   NOT NULL,
  kind        TEXT   NOT NULL,
  -- Of ours, of theirs, or both.
  instance_id TEXT   NOT NULL DEFAULT '',
  remote_id   TEXT   NOT NULL DEFAULT '',
  reference   TEXT,
  name        TEXT   NOT NULL DEFAULT '',
  there       TEXT,
  paid_until  BIGINT,
  -- Its own token there, encrypted, until the difference is closed.
  token       TEXT,
  -- `asked`: it is being deleted there, because a person said so; `left`: a person leaves it so.
  state       TEXT   NOT NULL CHECK (state IN ('open', 'asked', 'left', 'closed')),
  found_at    BIGINT NOT NULL,
  seen        TEXT   NOT NULL,
  not_before  BIGINT,
  attempts    INTEGER NOT NULL DEFAULT 0,
  error       TEXT,
  -- How it ended: `gone` by itself, or what a person did about it.
  outcome     TEXT,
  done_by     BIGINT,
  done_at     BIGINT
);
CREATE UNIQUE INDEX differences_once ON differences (platform, kind, instance_id, remote_id)
  WHERE state <> 'closed';
CREATE INDEX differences_open ON differences (platform, id) WHERE state IN ('open', 'asked');
CREATE INDEX differences_unseen ON differences (platform, seen) WHERE state <> 'closed';
CREATE INDEX differences_asked ON differences (not_before) WHERE state = 'asked';
CREATE INDEX differences_done ON differences (platform, done_at) WHERE state = 'closed';
