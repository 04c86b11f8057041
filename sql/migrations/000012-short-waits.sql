-- New rows wait outside of the index and every search reads them one by one: 4 MB of them took 10 ms a search, and emptying
-- them let one writer in several thousand wait for seconds.
alter index record_appointments_terms_idx set (gin_pending_list_limit = 256);
alter index record_contacts_terms_idx set (gin_pending_list_limit = 256);
alter index record_conversations_terms_idx set (gin_pending_list_limit = 256);
alter index record_default_terms_idx set (gin_pending_list_limit = 256);
alter index record_messages_terms_idx set (gin_pending_list_limit = 256);
alter index record_opportunities_terms_idx set (gin_pending_list_limit = 256);
