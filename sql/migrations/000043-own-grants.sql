-- What an app asked for by itself, with its credentials or with the agency's token: nobody is asked, so their number needs a bound.
alter table oauth_grant add column own boolean not null default false;
update oauth_grant set own = true where parent_id is not null;
