-- A file's rows were written twice, once as they were read and once with what had become of them. They wait in sets now,
-- as many as one transaction takes, and come to stand as rows with what has become of them.
create table connection_set (
  location_id text not null,
  connection_id text not null,
  run_id text not null,
  -- Where its rows are to stand among the others (connection_row.seq).
  seqs bigint[] not null,
  seq bigint not null generated always as (seqs[1]) stored,
  -- JSON: of each row its place in the file, and what it says.
  rows text not null,
  primary key (location_id, connection_id, seq)
);
-- Written once, read once: to make it smaller costs more than it spares.
alter table connection_set alter column rows set storage external;
