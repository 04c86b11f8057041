-- Roll-backs of single assets, which say what a push no longer holds.
create index push_of_parts on push (agency_id, snapshot_id) where reverts is not null and options ? 'only';
