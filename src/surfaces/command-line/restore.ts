import { existsSync } from 'node:fs'
import { checkBackup, NotEmpty, restoreBackup } from '../../db/backup/restore.ts'
import { findRunning, putAside } from '../../db/embedded-folder.ts'
import { type Command, CommandError, type Invocation, UsageError } from './command.ts'
import { logDeed } from './deed.ts'
import { openStorage } from './storage.ts'

export const restore: Command = {
  name: 'restore',
  usage: 'restore FILE [--replace]',
  summary: 'Put a backup into an empty database: all of it or nothing. Stop servers and workers first.',
  words: true,
  options: {
    replace: {
      type: 'boolean',
      description: 'Put the files of an embedded database that is not empty aside, and begin a new one. They are kept.',
    },
  },
  async run(call) {
    const { config, values, print, tell } = call
    const [path, ...more] = call.words
    if (path === undefined || more.length > 0) throw new UsageError('Say from where: tintype restore FILE')
    if (!existsSync(path)) throw new CommandError(`There is no file ${path}.`)
    const embedded = config.databaseUrl === undefined
    if (values.replace === true && !embedded)
      throw new UsageError(
        '--replace is for the embedded database. Make another database (createdb), and point DATABASE_URL to it.',
      )
    const running = embedded ? findRunning(config.data) : null
    if (running !== null)
      throw new CommandError(
        `Something runs on ${config.data} (PostgreSQL, process ${running.pid}). Stop Tintype first.`,
      )
    tell(`Reading ${path} ...`)
    const header = await checkBackup(path)
    tell(`It is whole: written by Tintype ${header.tintype}, as of ${header.takenAt}. Writing it into the database ...`)
    if (values.replace === true) await replaced(call, path)
    else await restoreInto(call, path)
    logDeed(call, 'restore', `as of ${header.takenAt}`)
    print(`Restored as of ${header.takenAt}. Tokens, apps and people work as they did then.`)
    return 0
  },
}

async function restoreInto({ config }: Invocation, path: string): Promise<void> {
  await using storage = await openStorage(config, { asOwner: true, untouched: true })
  try {
    await restoreBackup({ url: storage.url, path })
  } catch (error) {
    if (!(error instanceof NotEmpty)) throw error
    const advice =
      config.databaseUrl === undefined
        ? 'With --replace its files are put aside, and kept.'
        : 'Make another database (createdb), and point DATABASE_URL to it.'
    throw new CommandError(`${error.message} ${advice}`, { cause: error })
  }
  // Brought up to date, and the role that serves and works let in.
  await using _ = await openStorage(config)
}

/** What was there is back where anything fails. */
async function replaced(call: Invocation, path: string): Promise<void> {
  const aside = putAside(call.config.data)
  try {
    await restoreInto(call, path)
  } catch (error) {
    aside?.back()
    throw error
  }
  if (aside !== null) call.tell(`What was there before is in ${aside.path}. Remove it when you no longer need it.`)
}
