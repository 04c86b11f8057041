-- How much a segment tells of each location: what a reader of one, or another agency's app, has still to read is counted
-- by it. Of segments that tell of several and were sealed before, the whole is counted for each.
alter table journal_segment_location add column event_count integer not null default 0;
update journal_segment_location l set event_count = s.event_count
  from journal_segment s where s.app_id = l.app_id and s."offset" = l."offset";

-- A consumer without a name is whoever reads by offsets and keeps its place itself: where that was, to within seconds.
create index journal_consumer_by_location on journal_consumer (location_id, app_id);
