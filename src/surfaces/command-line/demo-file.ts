import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../config.ts'
import { makeClosed } from '../../whole-files.ts'
import { CommandError } from './command.ts'

/** What `<data>/demo.json` holds, as far as commands read it. */
export interface DemoFile {
  baseUrl: string
  companyId: string
  agencyToken: string
  /** Not in a file of long ago. */
  admin?: { email: string }
  locations: { id: string; name: string; token: string }[]
}

export const demoPath = (config: Config) => join(config.data, 'demo.json')

/** Null when there is none. */
export function readDemoFile(config: Config): DemoFile | null {
  const path = demoPath(config)
  if (!existsSync(path)) return null
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as DemoFile
  } catch (cause) {
    throw new CommandError(`${path} cannot be read: ${(cause as Error).message}`, { cause })
  }
}

/** Readable by its owner alone, and never half-written: it holds tokens. */
export function writeDemoFile(config: Config, demo: object): void {
  const path = demoPath(config)
  makeClosed(config.data)
  const draft = `${path}.${process.pid}.draft`
  writeFileSync(draft, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 })
  renameSync(draft, path)
}
