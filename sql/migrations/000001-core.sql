-- Agencies, locations and the tokens that speak for them.
create table agency (
  id text primary key,
  name text not null,
  relationship_number text not null unique,
  created_at timestamptz not null default now()
);

create table location (
  id text primary key,
  agency_id text not null,
  portal_id bigint not null unique,
  name text not null,
  timezone text not null,
  doc jsonb not null,                 -- address, contact details and settings, as on the HighLevel wire
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);
create index location_by_agency on location (agency_id, id) where deleted_at is null;

create table token (
  id uuid primary key,
  hash bytea not null unique,         -- SHA-256 of the token; the token itself is shown once and not kept
  agency_id text not null,
  location_id text,                   -- null: an agency token
  name text not null,
  scopes text[] not null,             -- '*' stands for every scope of the token's level
  unlimited boolean not null default false,
  created_at timestamptz not null default now(),
  expires_at timestamptz,             -- set on the old token when it is rotated with overlap
  revoked_at timestamptz
);
create index token_by_agency on token (agency_id, created_at);

-- Immutable documents, by the SHA-256 of their canonical JSON. References are written as lineages.
create table blob (
  hash bytea primary key,
  doc jsonb not null,
  refs text[] not null,               -- 'kind:lineage' of every asset the document refers to
  parts text[] not null               -- lineages of the parts (stages, steps, pages) it contains
);

-- One row per asset of a location: a pointer to a blob, and what is the location's own.
create table asset (
  location_id text not null,
  kind text not null,
  id text not null,
  lineage text not null,
  name text not null,
  key text,                           -- natural key; null when the kind has none
  hash bytea not null,
  base_hash bytea,                    -- content last pushed here; null: never pushed
  local jsonb not null default '{}',
  source_push text,                   -- the push that set base_hash
  -- Set while the asset differs from what was pushed. A column of its own, because the planner cannot guess how rarely
  -- two hashes differ and would read the whole fleet.
  drift_push text generated always as (case when hash <> base_hash then source_push end) stored,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (location_id, kind, id),
  unique (location_id, kind, lineage)
);
create index asset_drift_by_push on asset (drift_push, location_id) where drift_push is not null;
create index asset_drift_by_location on asset (location_id, kind) where drift_push is not null;

-- An incoming lineage that was matched to an asset (or a part of one) already there.
create table asset_alias (
  location_id text not null,
  kind text not null,                 -- '' for parts
  lineage text not null,
  id text not null,
  created_at timestamptz not null default now(),
  primary key (location_id, kind, lineage)
);
create index asset_alias_by_id on asset_alias (location_id, kind, id);

-- A pushed asset that the location deleted: the three-way merge needs to know.
create table asset_tombstone (
  location_id text not null,
  kind text not null,
  lineage text not null,
  id text not null,
  name text not null,
  base_hash bytea not null,
  source_push text,
  deleted_at timestamptz not null,
  primary key (location_id, kind, lineage)
);
create index asset_tombstone_by_push on asset_tombstone (source_push, location_id);

-- The change log. Partitioned by time through the UUIDv7 in the key.
create table change (
  location_id text not null,
  id uuid not null,
  kind text not null,
  entity_id text not null,
  op text not null,                   -- create, update, delete, adopt
  delta jsonb,
  before_hash bytea,
  after_hash bytea,
  actor text not null,
  cause text,                         -- id of the push or request that made it
  at timestamptz not null,
  primary key (location_id, id)
) partition by range (id);
create table change_default partition of change default;
create index change_by_entity on change (location_id, kind, entity_id, id);

create table snapshot (
  id text primary key,
  agency_id text not null,
  name text not null,
  type text not null check (type in ('own', 'imported')),
  source_location_id text,
  selection jsonb not null,           -- {kinds?, assets?}: what refresh captures again
  version integer not null,           -- the newest
  origin jsonb,                       -- imported: {shareId, snapshotId, version}
  only_locations text[],              -- imported through a location_link: the only targets allowed
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index snapshot_by_agency on snapshot (agency_id, created_at);

create table snapshot_version (
  snapshot_id text not null,
  version integer not null,
  root bytea not null,                -- SHA-256 over the sorted entries
  counts jsonb not null,              -- {kind: number of entries}
  created_at timestamptz not null default now(),
  primary key (snapshot_id, version)
);

create table snapshot_entry (
  snapshot_id text not null,
  version integer not null,
  kind text not null,
  lineage text not null,
  name text not null,
  key text,
  hash bytea not null,
  dependency boolean not null,
  primary key (snapshot_id, version, kind, lineage)
);

create table push (
  id text primary key,
  agency_id text not null,
  snapshot_id text not null,
  version integer not null,
  reverts text,                       -- the push that this one rolls back
  options jsonb not null,
  kinds text[] not null,              -- in the order they are applied
  state text not null,
  actor text not null,
  created_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz
);
create index push_by_snapshot on push (snapshot_id, created_at);

create table push_target (
  location_id text not null,
  push_id text not null,
  id text not null,                   -- the document id of HighLevel's snapshot-status
  batch integer not null,
  from_version integer,               -- set: the location stands at this version, so only differences are applied
  state text not null,
  completed text[] not null default '{}',
  failed text[] not null default '{}',
  totals jsonb not null default '{}', -- {kind: {outcome: number}}
  error text,
  started_at timestamptz,
  finished_at timestamptz,
  primary key (location_id, push_id)
);
create index push_target_by_push on push_target (push_id, batch, location_id);
create index push_target_by_state on push_target (push_id, state, location_id);

-- Pieces that are done, with what they did: a repeated piece finds its row and does nothing.
create table push_piece (
  push_id text not null,
  batch integer not null,
  step text not null,                 -- 'match', a kind, or '*' for several kinds at once
  totals jsonb not null,
  finished_at timestamptz not null,
  primary key (push_id, batch, step)
);

-- What the change log cannot tell: assets a push left alone, merged, or failed on.
create table push_outcome (
  location_id text not null,
  push_id text not null,
  kind text not null,
  lineage text not null,
  id text,
  name text not null,
  outcome text not null,
  reason text,
  detail jsonb,
  primary key (location_id, push_id, kind, lineage)
);

-- The snapshot version a location was last brought to, while nothing else has been pushed to it since.
create table location_applied (
  location_id text primary key,
  snapshot_id text not null,
  version integer not null,
  push_id text not null
);

create table share (
  id text primary key,
  agency_id text not null,
  snapshot_id text not null,
  share_type text not null check (share_type in ('link', 'permanent_link', 'agency_link', 'location_link')),
  relationship_numbers text[],
  location_ids text[],
  used_at timestamptz,                -- link: spent
  used_by text,                       -- agency that spent it
  revoked_at timestamptz,
  created_at timestamptz not null default now()
);
create index share_by_agency on share (agency_id, created_at);

create table idempotency (
  token_id uuid not null,
  key text not null,
  operation text not null,
  request_hash bytea not null,
  status integer,
  body jsonb,
  created_at timestamptz not null default now(),
  primary key (token_id, key)
);
create index idempotency_by_age on idempotency (created_at);

create table worker (
  id text primary key,
  seen_at timestamptz not null
);

-- Identifiers that a push derives instead of drawing, so that a repeated piece writes the same rows.
create function derive_id(location_id text, kind text, lineage text) returns text
  language sql immutable parallel safe
  return translate(encode(substring(sha256(convert_to(location_id || '/' || kind || '/' || lineage, 'UTF8')) from 1 for 15), 'base64'), '+/', 'xz');
create function derive_hex(location_id text, kind text, lineage text, digits integer) returns text
  language sql immutable parallel safe
  return left(encode(sha256(convert_to(location_id || '/' || kind || '/' || lineage, 'UTF8')), 'hex'), digits);
