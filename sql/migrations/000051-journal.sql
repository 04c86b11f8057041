-- Record snapshots and the journal (docs/decisions/0016): who is told of what, what waits to be told, what was told.

-- An app's id on the HubSpot wire is a number; so are those of subscriptions and filters (wire/hubspot.md, "Shapes").
alter table app add column hubspot_id bigint;
update app set hubspot_id = ('x' || substr(encode(sha256(convert_to(id, 'UTF8')), 'hex'), 1, 13))::bit(52)::bigint;
alter table app alter column hubspot_id set not null, add unique (hubspot_id);

create table journal_subscription (
  id bigint primary key,
  app_id text not null,
  -- Empty: of the app's own life, which is no location's.
  location_id text not null,
  type text not null,
  object_type_id text not null,
  event_type_id text not null,
  actions text[] not null,
  properties text[] not null,
  object_ids text[] not null,
  associated_object_type_ids text[] not null,
  list_ids text[] not null,
  -- Changes that the app itself made are not told.
  excludes_own boolean not null,
  -- What has a lower number in the inbox happened before it was there.
  since bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (app_id, location_id, type, object_type_id, event_type_id)
);
create index journal_subscription_by_location on journal_subscription (location_id);

create table journal_filter (
  id bigint primary key,
  subscription_id bigint not null,
  app_id text not null,
  conditions jsonb not null,
  since bigint not null,
  created_at timestamptz not null
);
create index journal_filter_by_subscription on journal_filter (subscription_id, id);

-- What has committed and was not yet told. Whoever writes a record holds its row, so of two changes of one record the
-- later has the higher number; what has committed is seen, so nothing is passed over.
create table journal_inbox (
  location_id text not null,
  seq bigint generated always as identity,
  -- Null: there is nothing to tell, but a number was needed.
  change_id uuid,
  -- What is no change of an asset or a record: the life of an app.
  event jsonb,
  primary key (location_id, seq)
);
create index journal_inbox_by_seq on journal_inbox (seq);
-- It is looked into all the time, and nearly always empty: what was taken out is cleared away at once.
alter table journal_inbox set (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_insert_threshold = -1, autovacuum_vacuum_cost_delay = 0);

create function fill_journal_inbox() returns trigger language plpgsql as $$
begin
  insert into journal_inbox (location_id, change_id)
  select a.location_id, a.id from added a
  where exists (select 1 from journal_subscription s where s.location_id = a.location_id)
  order by a.id;
  return null;
end $$;
create trigger change_to_journal after insert on change
  referencing new table as added for each statement execute function fill_journal_inbox();

-- The life of an app: where it comes and goes, in a location or (empty) in an agency with its locations.
create function tell_of_install() returns trigger language plpgsql as $$
declare
  install app_install := case when tg_op = 'DELETE' then old else new end;
begin
  insert into journal_inbox (location_id, event)
  select '', jsonb_build_object('appId', install.app_id, 'agencyId', install.agency_id, 'locationId', install.location_id,
    'action', case when tg_op = 'DELETE' then 'APP_UNINSTALL' else 'APP_INSTALL' end)
  where exists (select 1 from journal_subscription s where s.location_id = '' and s.app_id = install.app_id);
  return null;
end $$;
create trigger app_install_to_journal after insert or delete on app_install
  for each row execute function tell_of_install();

create function tell_of_app() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    delete from journal_filter where app_id = old.id;
    delete from journal_subscription where app_id = old.id;
    delete from journal_consumer where app_id = old.id;
  elsif new.withdrawn_at is not null and old.withdrawn_at is null then
    insert into journal_inbox (location_id, event)
    select '', jsonb_build_object('appId', new.id, 'agencyId', new.agency_id, 'locationId', '', 'action', 'APP_UNINSTALL')
    where exists (select 1 from journal_subscription s where s.location_id = '' and s.app_id = new.id);
  end if;
  return null;
end $$;
create trigger app_to_journal after update or delete on app for each row execute function tell_of_app();

-- Record snapshots as they were asked for: one row for a request, whose items share its life. The number of an item is
-- part of its id.
create table snapshot_request (
  id uuid primary key,
  app_id text not null,
  state text not null,
  -- What was asked for; null once it is settled.
  items jsonb,
  item_count integer not null,
  -- Object scopes that the token was narrowed to; null: those of the app.
  scopes text[],
  initiated_at timestamptz not null,
  started_at timestamptz,
  completed_at timestamptz,
  -- Of those that were not told: number -> error and message.
  failures jsonb,
  -- In which segments the others are: [first number, offset], in order.
  offsets jsonb
);
create index snapshot_request_waiting on snapshot_request (initiated_at, id) where state in ('pending', 'in_progress');
create index snapshot_request_by_age on snapshot_request (completed_at) where completed_at is not null;

-- Sealed files of each app, in the order of their offsets.
create table journal_segment (
  app_id text not null,
  "offset" uuid not null,
  -- gzip; null: it is in the object store.
  body bytea,
  event_count integer not null,
  size_bytes integer not null,
  published_at timestamptz not null,
  primary key (app_id, "offset")
) partition by range ("offset");
create table journal_segment_default partition of journal_segment default;

-- Which locations a segment tells of.
create table journal_segment_location (
  app_id text not null,
  location_id text not null,
  "offset" uuid not null,
  primary key (app_id, location_id, "offset")
) partition by range ("offset");
create table journal_segment_location_default partition of journal_segment_location default;

create table journal_consumer (
  app_id text not null,
  -- Empty: of the journal of all installs.
  location_id text not null,
  name text not null,
  "offset" uuid,
  updated_at timestamptz not null,
  primary key (app_id, location_id, name)
);

-- As with the change log, the role that serves may ask for days, and for their end.
create function first_uuid_of(day date) returns uuid language sql immutable parallel safe
return (lpad(to_hex((extract(epoch from day::timestamp) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid;

create function make_journal_partitions(day date) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  first uuid := first_uuid_of(day);
  beyond uuid := first_uuid_of(day + 1);
  parent text;
  part text;
begin
  perform pg_advisory_xact_lock(7468023);
  foreach parent in array array['journal_segment', 'journal_segment_location'] loop
    part := parent || to_char(day, '_YYYY_MM_DD');
    continue when to_regclass('public.' || part) is not null;
    execute format('lock table public.%I in access exclusive mode', parent || '_default');
    execute format('create table public.%I (like public.%I including all)', part, parent);
    execute format('with moved as (delete from public.%I where "offset" >= %L and "offset" < %L returning *) '
      'insert into public.%I select * from moved', parent || '_default', first, beyond, part);
    execute format('alter table public.%I attach partition public.%I for values from (%L) to (%L)', parent, part,
      first, beyond);
  end loop;
end $$;
revoke execute on function make_journal_partitions(date) from public;

create function drop_journal_partitions(before date) returns integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  parent text;
  part text;
  dropped integer := 0;
begin
  perform pg_advisory_xact_lock(7468023);
  foreach parent in array array['journal_segment', 'journal_segment_location'] loop
    for part in
      select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = ('public.' || parent)::regclass and c.relname ~ ('^' || parent || '_\d{4}_\d{2}_\d{2}$')
        and to_date(right(c.relname, 10), 'YYYY_MM_DD') < before
    loop
      execute format('drop table public.%I', part);
      dropped := dropped + 1;
    end loop;
    execute format('delete from public.%I where "offset" < %L', parent || '_default', first_uuid_of(before));
  end loop;
  return dropped;
end $$;
revoke execute on function drop_journal_partitions(date) from public;
