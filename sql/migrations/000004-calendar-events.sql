-- What takes time in a calendar is asked for by its time. Times are texts of one width, in UTC: code points order them.
create index record_appointments_by_start on record_appointments (location_id, ((doc->>'startTime') collate "C")) where deleted_at is null;
create index record_blocked_slots_by_start on record_default (location_id, ((doc->>'startTime') collate "C")) where deleted_at is null and kind = 'blocked_slots';
