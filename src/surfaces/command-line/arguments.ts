import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { SETTINGS } from '../../config-settings.ts'
import { UsageError, type Values } from './command.ts'

interface Setting {
  env: string
  flag?: string
  default: unknown
  description: string
}

const FLAGGED = (Object.values(SETTINGS) as Setting[]).filter((setting) => setting.flag !== undefined)

/** Options of the configuration: every command takes them. Switches also have a `--no-` form. */
export const CONFIG_OPTIONS: ParseArgsOptionsConfig = Object.fromEntries(
  FLAGGED.map((setting) => [
    setting.flag as string,
    { type: typeof setting.default === 'boolean' ? ('boolean' as const) : ('string' as const) },
  ]),
)

/** Parses what stands after a command's name. Every mistake is a UsageError with the parser's own words. */
export function parseArguments(args: string[], options: ParseArgsOptionsConfig): { words: string[]; values: Values } {
  try {
    const { positionals, values } = parseArgs({
      args,
      options,
      allowPositionals: true,
      allowNegative: true,
      strict: true,
    })
    return { words: positionals, values: values as Values }
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException
    // What the parser says further is about words that begin with a dash.
    const [unknown] = /^Unknown option '[^']*'/.exec(message) ?? []
    throw new UsageError(
      code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' && unknown !== undefined
        ? `${unknown}. With --help you see those that there are.`
        : message,
    )
  }
}

/** The flags that `readConfig` wants: text, by flag. */
export function configFlags(values: Values): Record<string, string> {
  const flags: Record<string, string> = {}
  for (const name of Object.keys(CONFIG_OPTIONS)) if (values[name] !== undefined) flags[name] = String(values[name])
  return flags
}

/** One help line for each option of the configuration. */
export function configHelp(): [string, string][] {
  return FLAGGED.map((setting) => [
    typeof setting.default === 'boolean'
      ? `--[no-]${setting.flag}`
      : `--${setting.flag} ${setting.flag?.toUpperCase()}`,
    `${setting.description} (${setting.env})`,
  ])
}
