-- An ambiguity waits for somebody like a conflict does. What a push did to what waits is remembered, so that its roll-back leads back.
alter table conflict add column candidates jsonb;   -- [{id, name}] of an ambiguity; null: a conflict

create table conflict_change (
  location_id text not null,
  push_id text not null,
  snapshot_id text not null,
  kind text not null,
  lineage text not null,
  at timestamptz not null,
  before jsonb,                       -- the row of `conflict` without its key; null: nothing waited
  after jsonb,
  primary key (location_id, push_id, snapshot_id, kind, lineage)
);
create index conflict_change_by_asset on conflict_change (snapshot_id, location_id, kind, lineage);

insert into conflict_change (location_id, push_id, snapshot_id, kind, lineage, at, before, after)
select location_id, push_id, snapshot_id, kind, lineage, opened_at, null, to_jsonb(c) - 'location_id' - 'snapshot_id' - 'kind' - 'lineage' from conflict c;
