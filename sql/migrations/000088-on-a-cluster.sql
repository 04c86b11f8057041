-- On a cluster (tintype migrate --distribute) assets and changes are written on other nodes than the one that keeps the
-- journal and the counts of broken references. What was written there is left here, beside it and in its transaction,
-- and the coordinator collects it. Elsewhere nobody writes here.
create table written_apart (
  location_id text not null,
  seq bigint generated always as identity,
  -- Null: assets or aliases of the location were written.
  change_id uuid,
  kind text,
  primary key (location_id, seq)
);

-- A node works a row at a time: what a statement has written is seen by that statement's triggers alone, and no other
-- statement of theirs may be sent on to a table of the cluster together with it.
create function leave_changes() returns trigger language plpgsql as $$
declare
  part record;
begin
  for part in select location_id, kind, array_agg(id order by id) as ids from added group by location_id, kind loop
    insert into written_apart (location_id, change_id, kind) select part.location_id, unnest(part.ids), part.kind;
  end loop;
  return null;
end $$;

create function leave_touched() returns trigger language plpgsql as $$
declare
  part record;
begin
  for part in select distinct location_id from touched loop
    insert into written_apart (location_id) values (part.location_id);
  end loop;
  return null;
end $$;

-- What fill_journal_inbox and ask_for_broken_count do at once.
create function collect_written(location_ids text[], change_ids uuid[], kinds text[]) returns void language plpgsql as $$
declare
  this bigint := pg_current_xact_id()::text::bigint;
begin
  insert into broken_count (location_id, written_by, is_due)
  select distinct location_id, this, true from unnest(location_ids, change_ids) w(location_id, id) where id is null
  order by 1
  on conflict (location_id) do update set written_by = excluded.written_by, is_due = true;
  insert into journal_inbox (location_id, change_id)
  select a.location_id, a.id from unnest(location_ids, change_ids) a(location_id, id)
  where a.id is not null
    and (exists (select 1 from journal_subscription s where s.location_id = a.location_id)
      or exists (select 1 from webhook_endpoint e where e.location_id = a.location_id and e.off is null)
      or exists (select 1 from webhook_endpoint e join app p on p.id = e.app_id join location l on l.id = a.location_id
        where e.app_id is not null and e.off is null and (p.agency_id = l.agency_id or exists (
          select 1 from app_install i where i.app_id = e.app_id and i.agency_id = l.agency_id))))
  order by a.id;
  insert into journal_inbox (location_id, change_id, stands_under)
  select l.id, a.id, a.location_id from unnest(location_ids, change_ids, kinds) a(location_id, id, kind)
    join location l on l.agency_id = a.location_id
  where a.kind = 'users'
    and (exists (select 1 from journal_subscription s where s.location_id = l.id and s.object_type_id = '0-115')
      or exists (select 1 from webhook_endpoint e where e.location_id = l.id and e.off is null))
  order by a.id, l.id;
  insert into journal_inbox (location_id, change_id, stands_under)
  select '', a.id, a.location_id from unnest(location_ids, change_ids, kinds) a(location_id, id, kind)
  where a.kind = 'users' and exists (select 1 from webhook_endpoint e where e.app_id is not null and e.off is null)
  order by a.id;
end $$;

-- In the language that a cluster can plan parameters in.
create or replace function forget_changes(at_location text, of_kind text, ids text[]) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update change set delta = '{}'
  where location_id = at_location and kind = of_kind and entity_id = any(ids) and delta <> '{}';
end $$;
