-- The filters of a table that somebody has kept under a name. They are their own: nobody else reads them, and they go
-- with the person.
create table saved_filter (
  person_id text not null,
  id text not null,
  -- Which table of the console: `records/contacts`.
  table_name text not null,
  -- Empty: it means the same everywhere.
  location_id text not null,
  name text not null,
  filter jsonb not null,
  created_at timestamptz not null,
  primary key (person_id, id),
  unique (person_id, table_name, location_id, name)
);

-- Record snapshots that were asked for by whoever is no app, for one: of which records of which location.
alter table snapshot_request add column location_id text, add column kind text, add column record_ids text[];
