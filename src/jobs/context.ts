import type { Clock } from '../clock.ts'
import type { Db } from '../db/pool.ts'
import type { Log } from '../log.ts'
import type { AssetResource } from '../store/resource.ts'

/** What a job may use. */
export interface JobContext {
  db: Db
  clock: Clock
  log: Log
  resources: ReadonlyMap<string, AssetResource>
}
