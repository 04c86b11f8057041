import type { Setting } from './config-setting.ts'
import { SETTINGS } from './config-settings.ts'

export type Config = {
  readonly [K in keyof typeof SETTINGS]: (typeof SETTINGS)[K] extends Setting<infer T> ? T : never
}

/**
 * Reads flags, then the environment, then defaults. Reports every problem at once.
 * `flags` are the command line's, without the leading dashes; `no-demo` is `demo=false`.
 */
export function readConfig(env: NodeJS.ProcessEnv, flags: Record<string, string> = {}): Config {
  const problems: string[] = []
  const config: Record<string, unknown> = {}
  for (const [name, entry] of Object.entries(SETTINGS) as [string, Setting<unknown>][]) {
    const fromFlag = entry.flag === undefined ? undefined : flags[entry.flag]
    const text = fromFlag ?? env[entry.env]
    if (text === undefined || text === '') {
      config[name] = entry.default
      continue
    }
    try {
      config[name] = entry.parse(text)
    } catch (error) {
      const source = fromFlag === undefined ? entry.env : `--${entry.flag}`
      problems.push(`${source}=${entry.secret ? '…' : text}: must be ${(error as Error).message}`)
    }
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return Object.freeze(config) as Config
}

export class ConfigError extends Error {
  constructor(problems: string[]) {
    super(`The configuration has ${problems.length} problem(s):\n${problems.map((line) => `  ${line}`).join('\n')}`)
    this.name = 'ConfigError'
  }
}
