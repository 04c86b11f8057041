-- What the HighLevel wire calls a relation is an association with a label (docs/decisions/0019): one row for both wires,
-- under the id that the relation has. That the pair is associated at all stands beside it. Numbers are those of
-- src/objects/association-types.ts. A relation of records that are no objects stays where it is, and is not shown.
create temporary table moved on commit drop as
with number_of (name, n) as (
  select label.id || direction.way, 1000 + ('x' || left(encode(sha256(convert_to(label.id || direction.way, 'UTF8')), 'hex'), 8))::bit(32)::bigint % 1000000000
  from (select distinct doc->>'associationId' as id from record where kind = 'relations' and deleted_at is null) label,
    (values ('/straight'), ('/inverse')) direction (way)
), ends as (
  select r.location_id, r.id, r.object_id, r.created_at, r.updated_at, r.doc->>'associationId' as label_id,
    f.type_id as f_type, f.id as f_id, f.object_id as f_number, s.type_id as s_type, s.id as s_id, s.object_id as s_number,
    straight.n as straight, inverse.n as inverse,
    coalesce(f.type_id = s.type_id and b.doc->>'firstObjectLabel' = b.doc->>'secondObjectLabel', false) as is_one_word
  from record r
  cross join lateral (
    select case e.kind when 'contacts' then '0-1' when 'businesses' then '0-2' when 'opportunities' then '0-3'
      else '2-' || ('x' || right(e.doc->>'objectId', 10))::bit(40)::bigint end as type_id, e.id, e.object_id
    from record e where e.location_id = r.location_id and e.id = r.doc->>'firstRecordId' and e.deleted_at is null
      and e.kind in ('contacts', 'businesses', 'opportunities', 'object_records') limit 1) f
  cross join lateral (
    select case e.kind when 'contacts' then '0-1' when 'businesses' then '0-2' when 'opportunities' then '0-3'
      else '2-' || ('x' || right(e.doc->>'objectId', 10))::bit(40)::bigint end as type_id, e.id, e.object_id
    from record e where e.location_id = r.location_id and e.id = r.doc->>'secondRecordId' and e.deleted_at is null
      and e.kind in ('contacts', 'businesses', 'opportunities', 'object_records') limit 1) s
  join number_of straight on straight.name = (r.doc->>'associationId') || '/straight'
  join number_of inverse on inverse.name = (r.doc->>'associationId') || '/inverse'
  left join asset a on a.location_id = r.location_id and a.kind = 'associations' and a.id = r.doc->>'associationId'
  left join blob b on b.hash = a.hash
  where r.kind = 'relations' and r.deleted_at is null
), ordered as (
  select *, case when f_type = s_type then f_number <= s_number
    else (split_part(f_type, '-', 1)::bigint, split_part(f_type, '-', 2)::bigint)
      < (split_part(s_type, '-', 1)::bigint, split_part(s_type, '-', 2)::bigint) end as is_straight from ends
)
select distinct on (location_id, from_id, to_id, type_id) * from (
  select location_id, id, object_id, created_at, updated_at, label_id,
    case when is_straight then f_type else s_type end as from_type,
    case when is_straight then f_id else s_id end as from_id,
    case when is_straight then f_number else s_number end as from_number,
    case when is_straight then s_type else f_type end as to_type,
    case when is_straight then s_id else f_id end as to_id,
    case when is_straight then s_number else f_number end as to_number,
    case when is_straight or is_one_word then straight else inverse end as type_id,
    case when is_straight and not is_one_word then inverse else straight end as inverse_id
  from ordered) tie
order by location_id, from_id, to_id, type_id, created_at, id;

insert into record (location_id, kind, id, object_id, doc, terms, created_at, updated_at)
select location_id, 'object_associations', id, object_id,
  jsonb_build_object('fromType', from_type, 'fromId', from_id, 'fromObjectId', from_number, 'toType', to_type,
    'toId', to_id, 'toObjectId', to_number, 'category', 'USER_DEFINED', 'typeId', type_id, 'inverseTypeId', inverse_id,
    'labelId', label_id),
  array_to_tsvector(array[left(location_id, 8) || '=fromId=' || lower(from_id), left(location_id, 8) || '=toId=' || lower(to_id),
    left(location_id, 8) || '=labelId=' || lower(label_id)]),
  created_at, updated_at
from moved;

-- Nothing that is said already: by a row, or by a field that names the other one.
with known (a, b, a_to_b, b_to_a) as (
  values ('0-1', '0-1', 449, 449), ('0-1', '0-2', 279, 280), ('0-1', '0-3', 4, 3), ('0-2', '0-2', 450, 450),
    ('0-2', '0-3', 342, 341), ('0-3', '0-3', 451, 451)
), plain as (
  select distinct on (m.location_id, m.from_id, m.to_id) m.*,
    coalesce(k.a_to_b, 1100000000 + ('x' || left(encode(sha256(convert_to(from_type || '>' || to_type, 'UTF8')), 'hex'), 8))::bit(32)::bigint
      % 1000000000) as plain_id,
    coalesce(k.b_to_a, 1100000000 + ('x' || left(encode(sha256(convert_to(to_type || '>' || from_type, 'UTF8')), 'hex'), 8))::bit(32)::bigint
      % 1000000000) as plain_inverse
  from moved m left join known k on k.a = m.from_type and k.b = m.to_type
  order by m.location_id, m.from_id, m.to_id, m.created_at, m.id
)
insert into record (location_id, kind, id, object_id, doc, terms, created_at, updated_at)
select location_id, 'object_associations', derive_id(location_id, 'object_associations', from_id || '/' || to_id),
  1 + floor(random() * 9007199254740000)::bigint,
  jsonb_build_object('fromType', from_type, 'fromId', from_id, 'fromObjectId', from_number, 'toType', to_type,
    'toId', to_id, 'toObjectId', to_number, 'category', 'HUBSPOT_DEFINED', 'typeId', plain_id,
    'inverseTypeId', plain_inverse, 'implied', true),
  array_to_tsvector(array[left(location_id, 8) || '=fromId=' || lower(from_id), left(location_id, 8) || '=toId=' || lower(to_id)]),
  created_at, updated_at
from plain p
where not exists (select from record t where t.location_id = p.location_id and t.kind = 'object_associations'
    and t.deleted_at is null and t.doc->>'fromId' = p.from_id and t.doc->>'toId' = p.to_id
    and t.doc->>'category' = 'HUBSPOT_DEFINED' and (t.doc->>'typeId')::bigint = p.plain_id)
  and not exists (select from record c where c.location_id = p.location_id and c.kind = 'contacts' and c.id = p.from_id
    and p.to_type = '0-2' and p.from_type = '0-1' and c.doc->>'businessId' = p.to_id)
  and not exists (select from record o where o.location_id = p.location_id and o.kind = 'opportunities' and o.id = p.to_id
    and p.to_type = '0-3' and p.from_type = '0-1' and o.doc->>'contactId' = p.from_id);

delete from record r using moved m where r.location_id = m.location_id and r.kind = 'relations' and r.id = m.id;
