-- Without statistics of locations each is taken for one of two hundred. With them, a location that came after the last ANALYZE
-- was taken for an empty one: any index that begins with the location looked as good as the right one, and a search for one
-- e-mail read every contact of the location.
alter table record alter column location_id set statistics 0;
alter table record_appointments alter column location_id set statistics 0;
alter table record_contacts alter column location_id set statistics 0;
alter table record_conversations alter column location_id set statistics 0;
alter table record_default alter column location_id set statistics 0;
alter table record_messages alter column location_id set statistics 0;
alter table record_opportunities alter column location_id set statistics 0;
