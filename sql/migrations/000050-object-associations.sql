-- Associations of CRM objects (src/resources/records/object-associations.ts): asked for from either end, for a thousand
-- ends at once.
create table record_object_associations partition of record for values in ('object_associations');
create index record_object_associations_from on record_object_associations
  (location_id, (doc->>'fromId'), (doc->>'toId'))
  where deleted_at is null;
create index record_object_associations_to on record_object_associations (location_id, (doc->>'toId'))
  where deleted_at is null;

-- Whose company a contact's is: the same question, where the answer stands in the contact.
create index record_contacts_by_business on record_contacts (location_id, (doc->>'businessId'))
  where deleted_at is null and doc->>'businessId' is not null;
