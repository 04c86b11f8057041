-- Named in a way that no other index of a location's records serves: where a location has just been filled, and was not
-- counted yet, the planner took one by creation for as good, and read all of its contacts for each id, e-mail or phone.
create index record_by_external_id_alone on record (kind, (location_id || ''), (doc->>'externalId'))
  where deleted_at is null and doc->>'externalId' is not null;
drop index record_by_external_id;
alter index record_by_external_id_alone rename to record_by_external_id;

create index record_contacts_by_email_alone on record_contacts ((location_id || ''), lower(doc->>'email'));
drop index record_contacts_by_email;
alter index record_contacts_by_email_alone rename to record_contacts_by_email;

create index record_contacts_by_phone_alone on record_contacts ((location_id || ''), (doc->>'phone'));
drop index record_contacts_by_phone;
alter index record_contacts_by_phone_alone rename to record_contacts_by_phone;

-- Those that are deleted are in them too: an index of all that are not, by whatever it is, is then no rival.
create index record_contacts_by_further_email on record_contacts using gin ((lower(doc->>'additionalEmails')::jsonb))
  with (fastupdate = off) where doc->'additionalEmails' is not null;
drop index record_contacts_by_additional_email;
alter index record_contacts_by_further_email rename to record_contacts_by_additional_email;

create index record_contacts_by_further_phone on record_contacts using gin ((doc->'additionalPhones'))
  with (fastupdate = off) where doc->'additionalPhones' is not null;
drop index record_contacts_by_additional_phone;
alter index record_contacts_by_further_phone rename to record_contacts_by_additional_phone;
