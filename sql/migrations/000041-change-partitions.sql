-- The role that serves and works owns nothing, so it cannot make tables. Months of the change log it may ask for, and nothing else:
-- this runs as the owner of the schema (src/db/roles.ts says who may call it). Rows that wait in the default partition move along.
create function make_change_partition(month date) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  part text := 'change_' || to_char(month, 'YYYY_MM');
  first uuid := (lpad(to_hex((extract(epoch from month::timestamp) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid;
  beyond uuid := (lpad(to_hex((extract(epoch from (month + interval '1 month')::timestamp) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid;
begin
  if extract(day from month) <> 1 or extract(year from month) not between 2000 and 2200 then
    raise exception using errcode = 'invalid_parameter_value', message = 'A partition of the change log is a month.';
  end if;
  -- Any number, as long as nobody else takes it: one at a time.
  perform pg_advisory_xact_lock(7468019);
  if to_regclass('public.' || part) is not null then return; end if;
  -- Nothing may come into the default partition between the look and the new partition.
  lock table public.change_default in access exclusive mode;
  if not exists (select 1 from public.change_default where id >= first and id < beyond) then
    execute format('create table public.%I partition of public.change for values from (%L) to (%L)', part, first, beyond);
    return;
  end if;
  execute format('create table public.%I (like public.change including all)', part);
  execute format('with moved as (delete from public.change_default where id >= %L and id < %L returning *) insert into public.%I select * from moved', first, beyond, part);
  execute format('alter table public.change attach partition public.%I for values from (%L) to (%L)', part, first, beyond);
end $$;
revoke execute on function make_change_partition(date) from public;
