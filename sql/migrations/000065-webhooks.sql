-- Webhooks out (docs/decisions/0020): who is called, with what, and what came of it.

create table webhook_endpoint (
  -- Empty: an app's.
  location_id text not null,
  id text not null,
  -- Null: the location's own.
  app_id text,
  agency_id text not null,
  name text not null,
  url text not null,
  -- [{type, fields}]; empty: all there are.
  events jsonb not null,
  -- What whoever chose the address could read: of nothing else is told.
  scopes text[] not null,
  -- Later events of a record wait for earlier ones.
  ordered boolean not null,
  -- Null: it is called. Else why not: 'person', 'gone' (410) or 'failing'.
  off text check (off in ('person', 'gone', 'failing')),
  -- The receiver has asked for a pause.
  held_until timestamptz,
  -- What has a lower number in the inbox happened before it was there.
  since bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (location_id, id),
  check ((location_id = '') = (app_id is not null))
);
create index webhook_endpoint_by_app on webhook_endpoint (app_id) where app_id is not null;

-- After a rotation there are two for a while.
create table webhook_secret (
  location_id text not null,
  endpoint_id text not null,
  id text not null,
  sealed text not null,
  created_at timestamptz not null,
  ends_at timestamptz,
  primary key (location_id, endpoint_id, id)
);

-- Ed25519, of the whole installation.
create table webhook_key (
  id integer primary key,
  sealed text not null,
  created_at timestamptz not null
);

create table webhook_delivery (
  location_id text not null,
  -- Version 7; what receivers know it by.
  id uuid not null,
  -- The order in which they were told.
  seq bigint generated always as identity,
  endpoint_id text not null,
  event text not null,
  -- The record that it tells of: what has an order.
  subject text not null,
  -- As it is signed.
  body text not null,
  state text not null check (state in ('waiting', 'delivered', 'failed')),
  due_at timestamptz not null,
  -- Of the worker that has it under way.
  lease uuid,
  -- Since it was made, or replayed.
  tries integer not null,
  attempts jsonb not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (location_id, id)
);
create index webhook_delivery_due on webhook_delivery (location_id, endpoint_id, due_at, seq) where state = 'waiting';
create index webhook_delivery_of_record on webhook_delivery (location_id, endpoint_id, subject, seq)
  where state = 'waiting';
create index webhook_delivery_of_endpoint on webhook_delivery (location_id, endpoint_id, id);
create index webhook_delivery_by_age on webhook_delivery (created_at);
-- Most of it is written once, taken once and ended once.
alter table webhook_delivery set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

-- Whoever listens: subscriptions of the journal, and webhooks of the location or of apps that may be installed there
-- (whether they are is asked when it is told).
create or replace function fill_journal_inbox() returns trigger language plpgsql as $$
begin
  insert into journal_inbox (location_id, change_id)
  select a.location_id, a.id from added a
  where exists (select 1 from journal_subscription s where s.location_id = a.location_id)
    or exists (select 1 from webhook_endpoint e where e.location_id = a.location_id and e.off is null)
    or exists (select 1 from webhook_endpoint e join app p on p.id = e.app_id join location l on l.id = a.location_id
      where e.app_id is not null and e.off is null and (p.agency_id = l.agency_id or exists (
        select 1 from app_install i where i.app_id = e.app_id and i.agency_id = l.agency_id)))
  order by a.id;
  if exists (select 1 from added where kind = 'users') then
    insert into journal_inbox (location_id, change_id, stands_under)
    select l.id, a.id, a.location_id from added a join location l on l.agency_id = a.location_id
    where a.kind = 'users'
      and (exists (select 1 from journal_subscription s where s.location_id = l.id and s.object_type_id = '0-115')
        or exists (select 1 from webhook_endpoint e where e.location_id = l.id and e.off is null))
    order by a.id, l.id;
    -- Once for the apps of an agency, however many locations it has.
    insert into journal_inbox (location_id, change_id, stands_under)
    select '', a.id, a.location_id from added a
    where a.kind = 'users' and exists (select 1 from webhook_endpoint e where e.app_id is not null and e.off is null)
    order by a.id;
  end if;
  return null;
end $$;

create or replace function tell_of_install() returns trigger language plpgsql as $$
declare
  install app_install := case when tg_op = 'DELETE' then old else new end;
begin
  insert into journal_inbox (location_id, event)
  select '', jsonb_build_object('appId', install.app_id, 'agencyId', install.agency_id, 'locationId', install.location_id,
    'userId', install.user_id, 'action', case when tg_op = 'DELETE' then 'APP_UNINSTALL' else 'APP_INSTALL' end)
  where exists (select 1 from journal_subscription s where s.location_id = '' and s.app_id = install.app_id)
    or exists (select 1 from webhook_endpoint e where e.app_id = install.app_id and e.off is null);
  return null;
end $$;

create or replace function tell_of_app() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    delete from journal_filter where app_id = old.id;
    delete from journal_subscription where app_id = old.id;
    delete from journal_consumer where app_id = old.id;
    perform remove_webhooks('', old.id);
  elsif new.withdrawn_at is not null and old.withdrawn_at is null then
    insert into journal_inbox (location_id, event)
    select '', jsonb_build_object('appId', new.id, 'agencyId', new.agency_id, 'locationId', '', 'action', 'APP_UNINSTALL')
    where exists (select 1 from journal_subscription s where s.location_id = '' and s.app_id = new.id)
      or exists (select 1 from webhook_endpoint e where e.app_id = new.id and e.off is null);
  end if;
  return null;
end $$;

-- With whose they were: of a location, or (empty) of an app.
create function remove_webhooks(location text, app text) returns void language plpgsql as $$
declare
  gone text[] := array(select id from webhook_endpoint where location_id = location and app_id is not distinct from app);
begin
  if gone = '{}' then return; end if;
  delete from webhook_endpoint where location_id = location and id = any(gone);
  delete from webhook_secret where location_id = location and endpoint_id = any(gone);
  delete from webhook_delivery where location_id = location and endpoint_id = any(gone);
end $$;

-- Locations stand in no change log.
create function tell_of_location() returns trigger language plpgsql as $$
begin
  if new.deleted_at is not null then
    perform remove_webhooks(new.id, null);
    return null;
  end if;
  insert into journal_inbox (location_id, event)
  select new.id, jsonb_build_object('action', 'LOCATION_' || case tg_op when 'INSERT' then 'CREATE' else 'UPDATE' end,
    'agencyId', new.agency_id, 'locationId', new.id, 'name', new.name, 'email', new.doc->>'email', 'changed',
    case when tg_op = 'INSERT' then '[]' else array_to_json(array_remove(array[case when new.name <> old.name then 'name' end,
      case when new.timezone <> old.timezone then 'timezone' end], null) || array(
      select coalesce(n.key, o.key) from jsonb_each(new.doc) n full join jsonb_each(old.doc) o on o.key = n.key
      where n.value is distinct from o.value))::jsonb end)
  where exists (select 1 from webhook_endpoint e where (e.location_id = new.id or e.app_id is not null) and e.off is null);
  return null;
end $$;
create trigger location_to_journal after insert or update on location
  for each row execute function tell_of_location();
