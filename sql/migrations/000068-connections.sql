-- Connections (docs/decisions/0021): other programs feed us. How they are read, what came, and what was made of it.

create table connection (
  location_id text not null,
  id text not null,
  agency_id text not null,
  name text not null,
  -- How it comes: called by the other program, as a file, by e-mail, or fetched by us.
  way text not null check (way in ('hook', 'file', 'mail', 'poll')),
  state text not null check (state in ('draft', 'test', 'live', 'paused', 'needs_authorisation')),
  -- Why it is paused, in words.
  state_reason text,
  -- The newest version, and the one that runs; null: none has been deployed.
  version integer not null,
  live_version integer,
  -- Of the name of its e-mail address.
  mail_hash text,
  -- What whoever deployed it may do: it writes nothing else.
  scopes text[] not null,
  -- How long what came is kept, when it is paused, who is told: {retentionDays, pauseShare, pauseLeast, alertUrl}.
  settings jsonb not null,
  -- Of the last rows; both are halved now and then.
  recent_done integer not null default 0,
  recent_failed integer not null default 0,
  failing_since timestamptz,
  told_at timestamptz,
  last_error text,
  last_at timestamptz,
  -- Of polling: where it goes on, what it found last, when it is due.
  cursor jsonb,
  poll_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (location_id, id)
);
-- Addresses name a connection only.
create index connection_by_id on connection (id);
create unique index connection_by_mail on connection (mail_hash) where mail_hash is not null;
create index connection_by_poll on connection (poll_at) where way = 'poll' and state = 'live';

create table connection_version (
  location_id text not null,
  connection_id text not null,
  version integer not null,
  -- {source, mapping}
  doc jsonb not null,
  author text not null,
  created_at timestamptz not null,
  primary key (location_id, connection_id, version)
);

-- What signs, opens or is shown to the other program. Written, never read over the API.
create table connection_secret (
  location_id text not null,
  connection_id text not null,
  name text not null,
  id text not null,
  sealed text not null,
  created_at timestamptz not null,
  primary key (location_id, connection_id, name)
);

-- What came, byte by byte, before anybody has understood it.
create table connection_arrival (
  location_id text not null,
  connection_id text not null,
  id uuid not null,
  -- The order in which it came.
  seq bigint generated always as identity,
  -- What the other program calls the message: the same comes in once.
  message text,
  headers jsonb not null,
  body bytea not null,
  -- 'sample': it came before the connection was live, and is only looked at.
  state text not null check (state in ('waiting', 'done', 'failed', 'sample')),
  error text,
  run_id text,
  received_at timestamptz not null,
  primary key (location_id, id)
);
create unique index connection_arrival_message on connection_arrival (location_id, connection_id, message);
create index connection_arrival_waiting on connection_arrival (location_id, connection_id, seq) where state = 'waiting';
create index connection_arrival_of on connection_arrival (location_id, connection_id, state, seq);
create index connection_arrival_by_age on connection_arrival (received_at);
alter table connection_arrival set (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);

create table connection_run (
  location_id text not null,
  id text not null,
  connection_id text not null,
  kind text not null check (kind in ('hook', 'file', 'mail', 'poll', 'replay', 'undo')),
  -- Works out what would become of it, and writes none of it.
  is_dry boolean not null,
  version integer not null,
  state text not null check (state in ('reading', 'running', 'open', 'done', 'failed', 'undone')),
  error text,
  -- Rows; null: not all have been read.
  total integer,
  created integer not null default 0,
  updated integer not null default 0,
  unchanged integer not null default 0,
  skipped integer not null default 0,
  failed integer not null default 0,
  -- The file, the run that is undone.
  source jsonb not null,
  actor text not null,
  undone_by text,
  started_at timestamptz not null,
  ended_at timestamptz,
  primary key (location_id, id)
);
create index connection_run_of on connection_run (location_id, connection_id, started_at desc, id);
create index connection_run_by_age on connection_run (started_at);

create table connection_row (
  location_id text not null,
  connection_id text not null,
  run_id text not null,
  id uuid not null,
  seq bigint generated always as identity,
  arrival_id uuid,
  -- Where it stands in what came: a line of the file, an element of the list.
  place integer not null,
  -- Null: nothing could be read.
  item jsonb,
  external_id text,
  state text not null check (state in ('waiting', 'created', 'updated', 'unchanged', 'skipped', 'failed', 'replayed',
    'discarded', 'reverted', 'kept')),
  -- Why it was skipped, what is wrong with it, what of it was left alone.
  reason text,
  problems jsonb,
  kept jsonb,
  mapped jsonb,
  kind text,
  record_id text,
  -- {field: [old, new]}
  delta jsonb,
  replay_of uuid,
  tries integer not null default 0,
  -- Null: of a dry run, which is asked for as a whole.
  due_at timestamptz,
  at timestamptz not null,
  primary key (location_id, run_id, id)
);
create index connection_row_waiting on connection_row (location_id, connection_id, seq)
  where state = 'waiting' and due_at is not null;
create index connection_row_of_run on connection_row (location_id, run_id, seq);
create index connection_row_failed on connection_row (location_id, connection_id, seq) where state = 'failed';
create index connection_row_of_record on connection_row (location_id, run_id, record_id) where record_id is not null;
alter table connection_row set (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);

-- Which of our records is theirs, and what was written of it last.
create table connection_link (
  location_id text not null,
  connection_id text not null,
  external_id text not null,
  kind text not null,
  record_id text not null,
  -- Of what the mapping made of it; null: it is written again.
  hash text,
  synced jsonb not null,
  at timestamptz not null,
  primary key (location_id, connection_id, external_id)
);
create index connection_link_of_record on connection_link (location_id, record_id);
create index connection_link_by_name on connection_link (location_id, kind, external_id);

create function remove_connections() returns trigger language plpgsql as $$
begin
  delete from connection where location_id = new.id;
  delete from connection_secret where location_id = new.id;
  delete from connection_arrival where location_id = new.id and state = 'waiting';
  return null;
end $$;
create trigger location_without_connections after update of deleted_at on location
  for each row when (new.deleted_at is not null and old.deleted_at is null) execute function remove_connections();
