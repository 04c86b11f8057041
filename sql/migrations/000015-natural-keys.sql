-- Names are compared as src/store/natural-key.ts folds them: in NFKC, without what cannot be seen, one blank for all spaces in a row, in
-- lower case. So far only their case was, and the spaces around them left out. Keys were in lower case by Unicode already: lower(), which
-- in some locales knows ASCII alone, has to fold no more than letters that NFKC makes large ones. Left as they are, until their asset is
-- written again: keys of other letters than ASCII that come out large (as of a Greek mathematical capital), and those of more than 500
-- characters. Where two assets of a location have one key now, both keep it.
create function natural_key(name text) returns text immutable parallel safe language sql as $$
  select left(btrim(regexp_replace(lower(normalize(regexp_replace(name,
    '[\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFF8\U0001BCA0-\U0001BCA3\U0001D173-\U0001D17A\U000E0000-\U000E001F\U000E0080-\U000E0FFF]',
    '', 'g'), NFKC)), '[\s\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+', ' ', 'g')), 500) $$;

update asset set key = nullif(natural_key(key), '')
where key !~ '^[!-~]+( [!-~]+)*$' and key is distinct from nullif(natural_key(key), '');
update snapshot_entry set key = nullif(natural_key(key), '')
where key !~ '^[!-~]+( [!-~]+)*$' and key is distinct from nullif(natural_key(key), '');

-- Contacts are found by their tags under the same keys, and counted by them.
create temporary table renamed on commit drop as
  select r.location_id, r.id, array(
    select distinct case when substr(t, 9, 6) = '=tags=' then left(t, 14) || natural_key(substr(t, 15)) else t end from unnest(tsvector_to_array(r.terms)) t) as terms
  from record r
  where r.kind = 'contacts' and exists (
    select 1 from unnest(tsvector_to_array(r.terms)) t
    where substr(t, 9, 6) = '=tags=' and substr(t, 15) !~ '^[!-~]+( [!-~]+)*$' and substr(t, 15) <> natural_key(substr(t, 15)));
update record r set terms = array_to_tsvector(n.terms) from renamed n where r.location_id = n.location_id and r.kind = 'contacts' and r.id = n.id;

delete from record_count_change where kind = 'contacts' and location_id in (select location_id from renamed);
delete from record_count where kind = 'contacts' and location_id in (select location_id from renamed);
insert into record_count (location_id, kind, term, n)
select location_id, kind, '', count(*) from record
where kind = 'contacts' and deleted_at is null and location_id in (select location_id from renamed) group by location_id, kind;
insert into record_count (location_id, kind, term, n)
select r.location_id, r.kind, substr(t, 10), count(*) from record r, unnest(tsvector_to_array(r.terms)) t
where r.kind = 'contacts' and r.deleted_at is null and r.location_id in (select location_id from renamed) and substr(t, 9, 1) = '='
  and split_part(substr(t, 10), '=', 1) in ('tags', 'assignedTo', 'followers', 'businessId', 'source', 'type', 'city', 'state', 'country')
group by 1, 2, 3;
