import type { ParseArgsOptionsConfig } from 'node:util'
import type { Config } from '../../config.ts'
import type { Database } from '../../db/pool.ts'
import type { Platform } from '../../operations/platform.ts'

/** What `createApp` builds, as far as commands use it. */
export interface Application extends AsyncDisposable {
  platform: Platform
  database: Database
  serve(): Promise<string>
  work(): Promise<void>
  lost: Promise<Error>
}

/** What a command may use. */
export interface Terminal {
  env: NodeJS.ProcessEnv
  createApp(config: Config): Promise<Application>
  /** Results: standard output. */
  print(line: string): void
  /** What happens meanwhile: standard error, so that results can be piped. */
  tell(line: string): void
}

export type Values = Record<string, string | boolean | (string | boolean)[] | undefined>

export interface Invocation extends Terminal {
  config: Config
  /** What stands after the command's name and is not an option. */
  words: string[]
  values: Values
}

export interface Command {
  name: string
  /** How it is called, after `tintype `. */
  usage: string
  summary: string
  /** Takes words besides its options. */
  words?: true
  /** Its options besides those of the configuration; `description` is for help. */
  options?: Record<string, ParseArgsOptionsConfig[string] & { description: string }>
  /** Exit code. */
  run(call: Invocation): Promise<number>
}

/** The caller made a mistake: one paragraph on standard error, exit code 2. */
export class UsageError extends Error {}

/** Something outside keeps the command from working: one paragraph on standard error, exit code 1. */
export class CommandError extends Error {}
