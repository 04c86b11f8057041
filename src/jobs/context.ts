import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Writers } from '../connect/index.ts'
import type { Db } from '../db/pool.ts'
import type { BodyStore } from '../journal/index.ts'
import type { Log } from '../log.ts'
import type { Mailer } from '../mail.ts'
import type { AssetResource } from '../store/assets/index.ts'

/** What a job may use. */
export interface JobContext {
  db: Db
  clock: Clock
  log: Log
  config: Pick<Config, 'journalDays' | 'webhookDays' | 'sessionIdleHours' | 'sessionDays' | 'outgoingNetworks'>
  bodies: BodyStore
  mail: Mailer
  /** What becomes of the items of connections. */
  writers: Writers
  resources: ReadonlyMap<string, AssetResource>
}
