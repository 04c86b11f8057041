-- All of an agency are listed at once, in whichever location they are.
create index connection_by_agency on connection (agency_id, location_id);
