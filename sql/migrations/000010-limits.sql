-- What all server processes count together.

-- Tries to sign in, by a digest of the e-mail or of the address they came from.
create table sign_in_try (
  key bytea primary key,
  started_at timestamptz not null,    -- of the window
  count integer not null
);
create index sign_in_try_by_age on sign_in_try (started_at);

-- Calls of one app or token in one location or agency. The processes add what they counted a few times a second, without
-- waiting for the disk: a crash of the database forgets the last moments.
create table rate_count (
  name text primary key,
  interval_started_ms bigint not null,
  interval_count bigint not null,
  day_started_ms bigint not null,
  day_count bigint not null
) with (fillfactor = 50);
