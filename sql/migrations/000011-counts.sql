-- How many living records of a kind a location has (term '') and how many with each value of the fields that the kind counts
-- (src/store/record-counts.ts). Changes are appended, so that no two writers wait for each other, and summed up later.
create table record_count (
  location_id text not null,
  kind text not null,
  term text not null,                 -- '' or field=value
  n bigint not null,
  primary key (location_id, kind, term)
);
create table record_count_change (
  location_id text not null,
  kind text not null,
  id uuid not null,
  counts jsonb not null,              -- {term: how many more}
  primary key (location_id, kind, id)
);

insert into record_count (location_id, kind, term, n)
select location_id, kind, '', count(*) from record where kind = 'contacts' and deleted_at is null group by location_id, kind;
insert into record_count (location_id, kind, term, n)
select r.location_id, r.kind, substr(t, 10), count(*) from record r, unnest(tsvector_to_array(r.terms)) t
where r.kind = 'contacts' and r.deleted_at is null and substr(t, 9, 1) = '='
  and split_part(substr(t, 10), '=', 1) in ('tags', 'assignedTo', 'followers', 'businessId', 'source', 'type', 'city', 'state', 'country')
group by 1, 2, 3;
