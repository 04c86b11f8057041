import type { Config } from '../../config.ts'
import { startEmbedded } from '../../db/embedded.ts'
import { type Database, openDatabase } from '../../db/pool.ts'
import { createLog } from '../../log.ts'

export interface Storage extends AsyncDisposable {
  database: Database
  url: string
}

/** The database alone, as it is: for commands that need no application. The embedded server is started if it does not run. */
export async function openStorage(config: Config): Promise<Storage> {
  const log = createLog(config.logLevel === 'info' ? 'warn' : config.logLevel)
  const server = config.databaseUrl === undefined ? await startEmbedded({ dataDir: config.data, log }) : null
  const url = config.databaseUrl ?? (server?.url as string)
  const database = openDatabase({ url, poolSize: 2, log })
  return {
    database,
    url,
    async [Symbol.asyncDispose]() {
      await database.close()
      await server?.stop()
    },
  }
}
