-- What came is written twice, once as it comes and once when it was looked at, and each time into every index: at two
-- thousand deliveries a second their indexes are half of the work.

-- Those that wait are found by their state (connection_arrival_of), in the same order.
drop index connection_arrival_waiting;
-- An id begins with the moment at which it came.
drop index connection_arrival_by_age;
-- Most messages have no name of their own.
create unique index connection_arrival_named on connection_arrival (location_id, connection_id, message)
  where message is not null;
drop index connection_arrival_message;
alter index connection_arrival_named rename to connection_arrival_message;

-- Found by what is called so there, of one connection or of any: one index for both.
alter table connection_link drop constraint connection_link_pkey;
alter table connection_link add primary key (location_id, external_id, connection_id);
drop index connection_link_by_name;
