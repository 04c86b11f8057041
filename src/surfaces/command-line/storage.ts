import type { Config } from '../../config.ts'
import { migrate } from '../../db/migrate.ts'
import { type Database, openDatabase } from '../../db/pool.ts'
import { findStorage, prepareStorage } from '../../db/prepare.ts'
import { createLog } from '../../log.ts'

export interface OpenStorage extends AsyncDisposable {
  database: Database
  /** Migrations that were applied on the way. */
  applied: string[]
  url: string
}

interface Opening {
  /** For the schema and what concerns it as a whole. */
  asOwner?: boolean
  /** As it is: nothing is applied. */
  untouched?: boolean
}

/**
 * The database alone, for commands that need no application, its schema up to date. The embedded server is started if
 * it does not run.
 */
export async function openStorage(
  config: Config,
  { asOwner = false, untouched = false }: Opening = {},
): Promise<OpenStorage> {
  const log = createLog(config.logLevel === 'info' ? 'warn' : config.logLevel)
  await using opening = new AsyncDisposableStack()
  const storage = await findStorage(config, log)
  opening.defer(() => storage.stop())
  const applied = untouched ? [] : await prepareStorage(storage, config, log)
  const url = asOwner ? (storage.ownerUrl ?? storage.url) : storage.url
  const database = openDatabase({ url, poolSize: 2, log })
  opening.defer(() => database.close())
  // Without an owner to do so, this one does; with one, it is seen that both mean the same database.
  if (!untouched) applied.push(...(await migrate(database)))
  const opened = opening.move()
  return { database, url, applied, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}
