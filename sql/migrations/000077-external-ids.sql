-- Who is this, by what another program calls them? Asked before everything that a connection writes.
create index record_by_external_id on record (location_id, kind, (doc->>'externalId'))
  where deleted_at is null and doc->>'externalId' is not null;

-- Which rows wait for something? Asked for each set of rows, however many wait for their turn alone.
create index connection_row_tried on connection_row (location_id, connection_id, external_id)
  where state = 'waiting' and tries > 0;
