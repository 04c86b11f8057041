import { setting } from './config-setting.ts'
import { choice, integer, url } from './config-values.ts'

/** Settings of record snapshots and of the journal. */
export const JOURNAL_SETTINGS = {
  snapshotSuccess: setting({
    env: 'TINTYPE_SNAPSHOT_SUCCESS',
    default: 'COMPLETED',
    parse: choice('COMPLETED', 'SUCCESS'),
    description: 'What the status of a record snapshot says once its event is in the journal.',
  }),
  snapshotWindowSeconds: setting({
    env: 'TINTYPE_SNAPSHOT_WINDOW_SECONDS',
    default: 600,
    parse: integer(1, 86_400),
    description: 'A record snapshot that no worker has begun for so long is discarded: EXPIRED.',
  }),
  snapshotTimeoutMs: setting({
    env: 'TINTYPE_SNAPSHOT_TIMEOUT_MS',
    default: 10_000,
    parse: integer(10, 600_000),
    description: 'Reading the records of one round of snapshots may take so long; beyond it they end with TIMEOUT.',
  }),
  journalDays: setting({
    env: 'TINTYPE_JOURNAL_DAYS',
    default: 30,
    parse: integer(1, 3650),
    description: 'Whole days that the files of the journal are kept; after them their offsets have expired.',
  }),
  journalUrlSeconds: setting({
    env: 'TINTYPE_JOURNAL_URL_SECONDS',
    default: 3600,
    parse: integer(1, 604_800),
    description: 'How long the signed URL of a file of the journal works.',
  }),
  journalBucket: setting<string | undefined>({
    env: 'TINTYPE_JOURNAL_BUCKET',
    default: undefined,
    parse: String,
    description:
      'Bucket of an S3-compatible store that keeps the files of the journal; default: the database does. Credentials ' +
      'are taken as AWS programs take them (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY ...).',
  }),
  journalBucketUrl: setting<string | undefined>({
    env: 'TINTYPE_JOURNAL_BUCKET_URL',
    default: undefined,
    parse: url,
    description: 'Where that store is, if it is not Amazon.',
  }),
  journalBucketRegion: setting({
    env: 'TINTYPE_JOURNAL_BUCKET_REGION',
    default: 'us-east-1',
    parse: String,
    description: 'Region of the bucket.',
  }),
  journalRate: setting({
    env: 'TINTYPE_JOURNAL_RATE',
    default: 100,
    parse: integer(0, 1_000_000),
    description: 'Reads of the journal per second and app; each process counts for itself. 0 turns the limit off.',
  }),
  subscriptionRate: setting({
    env: 'TINTYPE_SUBSCRIPTION_RATE',
    default: 50,
    parse: integer(0, 1_000_000),
    description: 'Requests about subscriptions and filters of the journal per second and app. 0: no limit.',
  }),
  snapshotRate: setting({
    env: 'TINTYPE_SNAPSHOT_RATE',
    default: 10,
    parse: integer(0, 1_000_000),
    description: 'Requests for record snapshots, of up to 10,000 records each, per second and app. 0: no limit.',
  }),
}
