-- Asked before every contact that is written, and rarely written themselves: a list of pending entries, which every question would
-- have to read from end to end, saves nothing here.
alter index record_contacts_by_additional_email set (fastupdate = off);
alter index record_contacts_by_additional_phone set (fastupdate = off);
