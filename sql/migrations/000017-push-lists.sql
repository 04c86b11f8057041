-- Lists of pushes, newest first; versions that people name; conflicts that wait for somebody.
create index push_by_agency on push (agency_id, created_at desc, id desc);
create index push_by_agency_state on push (agency_id, state, created_at desc, id desc);
drop index push_by_snapshot;
create index push_by_snapshot on push (snapshot_id, created_at desc, id desc);

alter table snapshot_version add column name text, add column note text;

-- What a push left alone because both sides had changed it, until somebody decides. The asset itself keeps the target's side.
create table conflict (
  location_id text not null,
  snapshot_id text not null,
  kind text not null,
  lineage text not null,
  version integer not null,           -- that met the target's own side
  push_id text not null,
  name text not null,
  fields jsonb not null,              -- [{path, base?, target?, source?}], references as markers
  reason text,
  opened_at timestamptz not null,
  primary key (location_id, snapshot_id, kind, lineage)
);
create index conflict_by_snapshot on conflict (snapshot_id, location_id, kind, lineage);
