-- How many were given up is asked wherever webhooks are listed, and only these are counted.
create index webhook_delivery_failed on webhook_delivery (location_id, endpoint_id, id) where state = 'failed';
