-- What is sealed is called so: a test looks for columns of this name that a new key from outside would leave out.
alter table person rename column totp_secret to totp_sealed;
