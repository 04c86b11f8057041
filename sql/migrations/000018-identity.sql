-- Who an asset is (docs/decisions/0011): what was pushed last belongs to the pair of an incoming lineage and an asset. The pair of the
-- asset's own lineage stands in `asset`, that of any other lineage in `asset_alias`.

-- Natural keys that must be unique, by a constraint: checked at the end of a push's batch, so that names may be swapped in it.
alter table asset add column unique_key text;
-- Lineages of incoming parts that were matched to parts already there: {lineage: id of the part in this location}.
alter table asset add column part_aliases jsonb;
update asset a set unique_key = a.key from (
  select location_id, kind, id, row_number() over (partition by location_id, kind, key order by created_at, id) as nth from asset
  where key is not null and kind in ('tags', 'custom_fields', 'custom_values', 'calendar_groups', 'associations')
) n where n.nth = 1 and a.location_id = n.location_id and a.kind = n.kind and a.id = n.id;
alter table asset add constraint asset_unique_key
  exclude using btree (location_id with =, kind with =, unique_key with =) where (unique_key is not null) deferrable initially immediate;
create index asset_with_part_aliases on asset (location_id) where part_aliases is not null;

alter table asset_alias
  add column base_hash bytea,           -- content last pushed by this lineage
  add column source_push text,
  add column hash bytea,                -- the asset's own, kept equal by whoever writes it: a generated column sees one row only
  add column part_aliases jsonb,
  add column drift_push text generated always as (case when hash <> base_hash then source_push end) stored;
create index asset_alias_drift_by_push on asset_alias (drift_push, location_id) where drift_push is not null;
create index asset_alias_drift_by_location on asset_alias (location_id, kind) where drift_push is not null;

-- Until now an asset had one base, whoever had pushed it: it was that of its newest alias.
update asset_alias l set base_hash = a.base_hash, source_push = a.source_push, hash = a.hash
from asset a, (select distinct on (location_id, kind, id) location_id, kind, id, lineage from asset_alias where kind <> '' order by location_id, kind, id, created_at desc, lineage) n
where n.location_id = l.location_id and n.kind = l.kind and n.id = l.id and n.lineage = l.lineage and a.location_id = l.location_id and a.kind = l.kind and a.id = l.id;
update asset a set base_hash = null, source_push = null
where a.lineage = a.id and exists (select 1 from asset_alias l where l.location_id = a.location_id and l.kind = a.kind and l.id = a.id);
update asset_alias l set hash = a.hash from asset a where l.hash is null and a.location_id = l.location_id and a.kind = l.kind and a.id = l.id;

-- Aliases of parts had rows of their own, of kind ''. They belong to the pair of the asset that holds the part.
update asset_alias l set part_aliases = p.aliases
from (
  select a.location_id, a.kind, a.id, jsonb_object_agg(s.lineage, s.id) as aliases
  from asset_alias s join asset a on a.location_id = s.location_id join blob b on b.hash = a.hash and b.parts @> array[s.lineage]
  where s.kind = '' group by 1, 2, 3
) p where p.location_id = l.location_id and p.kind = l.kind and p.id = l.id and l.kind <> '';
update asset a set part_aliases = p.aliases
from (
  select a.location_id, a.kind, a.id, jsonb_object_agg(s.lineage, s.id) as aliases
  from asset_alias s join asset a on a.location_id = s.location_id join blob b on b.hash = a.hash and b.parts @> array[s.lineage]
  where s.kind = '' group by 1, 2, 3
) p where p.location_id = a.location_id and p.kind = a.kind and p.id = a.id
  and not exists (select 1 from asset_alias l where l.location_id = a.location_id and l.kind = a.kind and l.id = a.id);
delete from asset_alias where kind = '';
create index asset_alias_with_parts on asset_alias (location_id) where part_aliases is not null;

-- Each deletion is remembered, by a row for each lineage that reached the asset. `base_hash` null: nothing to keep deleted, it may come back.
alter table asset_tombstone alter column base_hash drop not null;
alter table asset_tombstone
  add column own_lineage text,          -- what it comes back as; null: as the lineage of the row
  add column local jsonb,
  add column part_aliases jsonb;
create index asset_tombstone_by_id on asset_tombstone (location_id, kind, id);

-- What the accepted plan said of this target; null: no plan was required.
alter table push_target add column plan_digest text;

-- How far a batch is that has not ended: its transaction shows nothing of itself. Written beside it, and lost in a crash like the batch.
create unlogged table push_progress (
  push_id text not null,
  batch integer not null,
  completed text[] not null,
  primary key (push_id, batch)
);
