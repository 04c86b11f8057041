import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { isAlive } from '../../db/embedded-folder.ts'
import { makeClosed } from '../../whole-files.ts'
import { CommandError } from './command.ts'

/** Who serves a data folder: `<data>/tintype.json`, for as long as `tintype up` runs. */
export interface Holder {
  pid: number
  /**
   * When the process began, as the system counts it: a pid may be given to another process. Null where that cannot be
   * told.
   */
  began: string | null
  /** Null while it starts. */
  url: string | null
  isStopping: boolean
}

export interface Hold extends Disposable {
  serves(url: string): void
  stops(): void
}

/**
 * A holder that is asked to end says so within this time: whoever starts it may be gone for half a second before it
 * notices.
 */
const NOTICE_MS = 2_000
/** It has eight seconds to stop, and its database some more. */
const STOP_MS = 20_000

const pathOf = (data: string) => join(data, 'tintype.json')

/** The process that serves this folder, if it lives. */
export function findHolder(data: string): Holder | null {
  try {
    const holder = JSON.parse(readFileSync(pathOf(data), 'utf8')) as Holder
    return holder.pid !== process.pid && isHeld(holder) ? holder : null
  } catch {
    return null
  }
}

/** Makes the folder ours. Waits for a holder that is about to end; refuses one that stays, and says who it is. */
export async function holdFolder(data: string): Promise<Hold> {
  const path = pathOf(data)
  const mine: Holder = { pid: process.pid, began: beginOf(process.pid), url: null, isStopping: false }
  const draft = `${path}.${process.pid}.draft`
  const write = (change: Partial<Holder>) => writeFileSync(draft, `${JSON.stringify(Object.assign(mine, change))}\n`)
  makeFolder(data)
  write({})
  const beganMs = performance.now()
  try {
    while (!take(draft, path)) {
      const holder = findHolder(data)
      if (holder === null) {
        rmSync(path, { force: true })
        continue
      }
      if (performance.now() - beganMs > (holder.isStopping ? STOP_MS : NOTICE_MS))
        throw new CommandError(served(data, holder))
      await pause(100)
    }
  } finally {
    rmSync(draft, { force: true })
  }
  const change = (what: Partial<Holder>) => {
    write(what)
    renameSync(draft, path)
  }
  return {
    serves: (url) => change({ url }),
    stops: () => change({ isStopping: true }),
    [Symbol.dispose]: () => rmSync(path, { force: true }),
  }
}

/** Of two that start at once, one gets it. */
function take(draft: string, path: string): boolean {
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  }
}

function served(data: string, { pid, url }: Holder): string {
  const where = url === null ? 'which is starting' : `at ${url}`
  return (
    `${data} is served already, by process ${pid}, ${where}. Stop that one first, or choose another folder: --data ` +
    'FOLDER'
  )
}

function makeFolder(data: string): void {
  try {
    makeClosed(data)
  } catch (cause) {
    throw new CommandError(
      `The data folder ${data} cannot be made (${(cause as NodeJS.ErrnoException).code}). Choose another with ` +
        '--data FOLDER, or give this user write access.',
      { cause },
    )
  }
}

/** A pid may be another program's by now. */
const isHeld = ({ pid, began }: Holder): boolean => isAlive(pid) && (began === null || beginOf(pid) === began)

/** Linux: field 22 of its stat, in ticks since the system's start. */
function beginOf(pid: number): string | null {
  if (!existsSync('/proc/self/stat')) return null
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}
