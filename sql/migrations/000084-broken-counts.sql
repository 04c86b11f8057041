-- How many references of a location lead nowhere. To find out reads all its documents, so it is found out when its
-- configuration was written to, and kept: a fleet is listed, sorted and filtered by it.
create table broken_count (
  location_id text primary key,
  -- As counted last. Null: not yet.
  broken integer,
  -- The transaction that last wrote to its configuration: what was read before it ended is no count of what it wrote.
  written_by bigint not null,
  is_due boolean not null
);
create index broken_count_due on broken_count (written_by) where is_due;

-- Of `touched`: rows of assets or aliases. Those of a location are written by one transaction at a time.
create function ask_for_broken_count() returns trigger language plpgsql as $$
declare
  this bigint := pg_current_xact_id()::text::bigint;
begin
  insert into broken_count (location_id, written_by, is_due)
  select t.location_id, this, true from (select distinct location_id from touched) t
  where not exists (
    select 1 from broken_count b where b.location_id = t.location_id and b.is_due and b.written_by = this)
  order by t.location_id
  on conflict (location_id) do update set written_by = excluded.written_by, is_due = true;
  return null;
end $$;

create trigger asset_added_to_broken_count after insert on asset
  referencing new table as touched for each statement execute function ask_for_broken_count();
create trigger asset_changed_to_broken_count after update on asset
  referencing new table as touched for each statement execute function ask_for_broken_count();
create trigger asset_gone_to_broken_count after delete on asset
  referencing old table as touched for each statement execute function ask_for_broken_count();
create trigger alias_added_to_broken_count after insert on asset_alias
  referencing new table as touched for each statement execute function ask_for_broken_count();
create trigger alias_changed_to_broken_count after update on asset_alias
  referencing new table as touched for each statement execute function ask_for_broken_count();
create trigger alias_gone_to_broken_count after delete on asset_alias
  referencing old table as touched for each statement execute function ask_for_broken_count();

insert into broken_count (location_id, written_by, is_due)
select distinct location_id, pg_current_xact_id()::text::bigint, true from asset;
