import type { Config } from '../../config.ts'
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

/** The database alone, for commands that need no application, its schema up to date where this is known to be the owner. The embedded server is started if it does not run. */
export async function openStorage(config: Config, { asOwner = false, untouched = false }: Opening = {}): Promise<OpenStorage> {
  const log = createLog(config.logLevel === 'info' ? 'warn' : config.logLevel)
  const storage = await findStorage(config, log)
  try {
    const applied = untouched ? [] : await prepareStorage(storage, config, log)
    const url = asOwner ? (storage.ownerUrl ?? storage.url) : storage.url
    const database = openDatabase({ url, poolSize: 2, log })
    return {
      database,
      url,
      applied,
      async [Symbol.asyncDispose]() {
        await database.close()
        await storage.stop()
      },
    }
  } catch (error) {
    await storage.stop()
    throw error
  }
}
