-- The sound of calls, cut into rows of 256 KiB (src/store/recordings.ts). Sound is compressed already.
create table recording_chunk (
  location_id text not null,
  message_id text not null,
  position integer not null,
  data bytea not null,
  primary key (location_id, message_id, position)
);
alter table recording_chunk alter column data set storage external;

-- The inbox of a location: its conversations, the one last spoken in first.
create index record_conversations_by_last_message on record_conversations (location_id, kind, ((doc->>'lastMessageDate') collate "C"), id) where deleted_at is null;
