-- Recordings are no longer the only files: attachments and files of custom fields are kept in the same way (src/store/files.ts).
alter table recording_chunk rename to file_chunk;
alter table file_chunk rename column message_id to file_id;
alter index recording_chunk_pkey rename to file_chunk_pkey;

-- Additional e-mails and phones tell contacts apart too. Partial, so that it costs nothing for contacts without; the query repeats
-- the conditions.
create index record_contacts_by_additional_email on record_contacts using gin ((lower(doc->>'additionalEmails')::jsonb))
  where doc->'additionalEmails' is not null and deleted_at is null;
create index record_contacts_by_additional_phone on record_contacts using gin ((doc->'additionalPhones'))
  where doc->'additionalPhones' is not null and deleted_at is null;
