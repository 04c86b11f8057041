import type { Callers } from '../auth/callers.ts'
import type { SecurityEvents } from '../auth/security-events.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { AttemptCounts, Writers } from '../connect/index.ts'
import type { Db } from '../db/pool.ts'
import type { BodyStore, JournalFeeds, ReadingPlaces } from '../journal/index.ts'
import type { Log } from '../log.ts'
import type { Mailer } from '../mail.ts'
import type { PushRow } from '../snapshots/push.ts'
import type { AssetResource } from '../store/assets/index.ts'
import type { RecordResource } from '../store/records/index.ts'

/** What every operation may use, for as long as the process lives. */
export interface Platform {
  db: Db
  callers: Callers
  clock: Clock
  config: Config
  log: Log
  /** URL under which others reach this server. */
  publicUrl: () => string
  resources: Resources
  records: Records
  pushFeeds: PushFeeds
  /** Where the files of the journal are. */
  bodies: BodyStore
  journalFeeds: JournalFeeds
  readingPlaces: ReadingPlaces
  mail: Mailer
  /** What decides about access, kept for the agency to read. */
  securityEvents: SecurityEvents
  /** What came of the calls to webhooks that this process has made. */
  webhookAttempts: AttemptCounts
  /** What becomes of the items of connections. */
  writers: Writers
}

/** Every kind of asset, by kind. */
export type Resources = ReadonlyMap<string, AssetResource>

/** Every kind of record, by kind. */
export type Records = ReadonlyMap<string, RecordResource>

export interface PushFeeds {
  /**
   * The life of a push as server-sent events. Ends with `done`, when the caller is no longer let in, or when the reader
   * leaves. However many follow a push, it is looked at once for all of them.
   */
  follow(push: PushRow, isLetIn: () => Promise<boolean>): AsyncGenerator<string>
}
