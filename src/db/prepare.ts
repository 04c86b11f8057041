import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import { createWhole } from '../whole-files.ts'
import { startEmbedded } from './embedded.ts'
import { runtimePasswordOf } from './embedded-folder.ts'
import { migrate } from './migrate.ts'
import { openDatabase } from './pool.ts'
import { admitRuntime, roleOf } from './roles.ts'

/** The role of `serve` and `work` in the embedded database. */
const RUNTIME = 'tintype_runtime'

export interface Storage {
  /** As whom everything is done: with a role that owns nothing, wherever there is one. */
  url: string
  /** As whom the schema is made, where that is somebody else. */
  ownerUrl: string | null
  /** Ends the embedded server, if this process has started it. */
  stop(): Promise<void>
}

/**
 * Finds the database, or starts the embedded one; with a word to who looks after it, that one is started again when it
 * ends.
 */
export async function findStorage(config: Config, log: Log, onGivenUp?: (error: Error) => void): Promise<Storage> {
  if (config.databaseUrl !== undefined)
    return { url: config.databaseUrl, ownerUrl: config.ownerUrl ?? null, stop: async () => {} }
  const server = await startEmbedded({
    dataDir: config.data,
    log,
    patienceMs: config.embeddedPatienceSeconds * 1000,
    ...(onGivenUp && { onGivenUp }),
  })
  const url = new URL(server.url)
  url.username = RUNTIME
  url.password = passwordIn(config.data)
  return { url: url.href, ownerUrl: server.url, stop: () => server.stop() }
}

function passwordIn(folder: string): string {
  const path = runtimePasswordOf(folder)
  if (!existsSync(path)) createWhole(path, randomBytes(24).toString('base64url'))
  return readFileSync(path, 'utf8').trim()
}

/**
 * Brings the schema up to date as its owner, and lets the other role do its work. Answers what was applied; without an
 * owner of its own, nothing.
 */
export async function prepareStorage({ url, ownerUrl }: Storage, config: Config, log: Log): Promise<string[]> {
  if (ownerUrl === null) return []
  const owner = openDatabase({ url: ownerUrl, poolSize: 2, log })
  try {
    const applied = await migrate(owner)
    if (roleOf(url).name !== roleOf(ownerUrl).name)
      await admitRuntime(owner, url, { own: config.databaseUrl === undefined })
    return applied
  } finally {
    await owner.close()
  }
}
