/**
 * Where a table lives on a cluster (docs/decisions/0035): with its location, by which all such tables are spread alike;
 * as a copy on every node; or on the coordinator alone.
 */
export type Placement = 'location' | 'everywhere' | 'coordinator'

/** What grows with the number of locations times what each holds, or is joined with that for many locations at once. */
const WITH_LOCATION = [
  'asset',
  'asset_alias',
  'asset_tombstone',
  'change',
  'file_chunk',
  'location_applied',
  'push_outcome',
  'push_target',
  'record',
  'record_count',
  'record_count_change',
  'written_apart',
]

/** What a push lays beside the assets of every location. */
const EVERYWHERE = ['snapshot_entry']

/** What belongs to the agency and its people, and whatever is taken as from a queue. */
const COORDINATOR = [
  'agency',
  'app',
  'app_absence',
  'app_install',
  'blob',
  'broken_count',
  'conflict',
  'conflict_change',
  'connection',
  'connection_arrival',
  'connection_authorisation',
  'connection_link',
  'connection_row',
  'connection_run',
  'connection_secret',
  'connection_seen',
  'connection_set',
  'connection_version',
  'ended_token',
  'idempotency',
  'journal_consumer',
  'journal_filter',
  'journal_inbox',
  'journal_segment',
  'journal_segment_location',
  'journal_subscription',
  'location',
  'migration',
  'oauth_code',
  'oauth_grant',
  'oauth_refresh',
  'person',
  'person_link',
  'push',
  'push_piece',
  'push_progress',
  'rate_count',
  'recovery_code',
  'saved_filter',
  'search_walk',
  'security_event',
  'session',
  'share',
  'sign_in_try',
  'signing_key',
  'snapshot',
  'snapshot_request',
  'snapshot_version',
  'token',
  'webhook_delivery',
  'webhook_endpoint',
  'webhook_key',
  'webhook_secret',
  'worker',
]

/** Every table of the schema. A new one is decided about here. */
export const PLACEMENTS: ReadonlyMap<string, Placement> = new Map([
  ...WITH_LOCATION.map((name) => [name, 'location'] as const),
  ...EVERYWHERE.map((name) => [name, 'everywhere'] as const),
  ...COORDINATOR.map((name) => [name, 'coordinator'] as const),
])
