import { isIP } from 'node:net'
import { resolve } from 'node:path'

interface Setting<T> {
  env: string
  flag?: string
  default: T
  parse: (text: string) => T
  description: string
}

function setting<T>(value: Setting<T>): Setting<T> {
  return value
}

function integer(min: number, max: number) {
  return (text: string) => {
    const value = Number(text)
    if (!Number.isInteger(value) || value < min || value > max) throw new Error(`a whole number from ${min} to ${max}`)
    return value
  }
}

function choice<T extends string>(...values: T[]) {
  return (text: string) => {
    if (!values.includes(text as T)) throw new Error(`one of ${values.join(', ')}`)
    return text as T
  }
}

const switchValue = (text: string) => {
  if (!['true', 'false', '1', '0'].includes(text)) throw new Error('true or false')
  return text === 'true' || text === '1'
}

const url = (text: string) => {
  if (!URL.canParse(text)) throw new Error('a URL')
  return text.replace(/\/$/, '')
}

const databaseAddress = (text: string) => {
  if (!/^(postgres|postgresql|socket):/.test(text) || !URL.canParse(text)) throw new Error('an address as in postgres://user:password@host:5432/database')
  return text
}

const networks = (text: string) => {
  for (const one of text.split(',').map((part) => part.trim())) {
    const [address = '', bits, ...more] = one.split('/')
    const most = isIP(address) === 4 ? 32 : 128
    if (isIP(address) === 0 || more.length > 0 || !(bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= most)))
      throw new Error('addresses or networks, comma separated, as in 127.0.0.1,10.0.0.0/8')
  }
  return text
}

/** Every setting, read once. `.env.example` and docs/reference/configuration.md are generated from this table. */
export const SETTINGS = {
  port: setting({
    env: 'TINTYPE_PORT',
    flag: 'port',
    default: 4400,
    parse: integer(0, 65535),
    description: 'Port of the API and the console. 0 takes a free one.',
  }),
  host: setting({ env: 'TINTYPE_HOST', flag: 'host', default: '127.0.0.1', parse: String, description: 'Address to listen on. 0.0.0.0 for all.' }),
  publicUrl: setting<string | undefined>({
    env: 'TINTYPE_PUBLIC_URL',
    flag: 'public-url',
    default: undefined,
    parse: url,
    description: 'URL under which others reach this server; share links begin with it. Default: http://HOST:PORT.',
  }),
  trustedProxies: setting({
    env: 'TINTYPE_TRUSTED_PROXIES',
    default: '',
    parse: networks,
    description: 'Addresses or networks of the proxies in front, comma separated (10.0.0.0/8): what they say of where a request came from is believed.',
  }),
  data: setting({
    env: 'TINTYPE_DATA',
    flag: 'data',
    default: resolve('data'),
    parse: (text) => resolve(text),
    description: 'Folder of the embedded database and of demo.json.',
  }),
  databaseUrl: setting<string | undefined>({
    env: 'DATABASE_URL',
    flag: 'database-url',
    default: undefined,
    parse: databaseAddress,
    description: 'PostgreSQL 15 or newer to use in place of the embedded one.',
  }),
  embeddedPatienceSeconds: setting({
    env: 'TINTYPE_EMBEDDED_PATIENCE_SECONDS',
    default: 120,
    parse: integer(1, 86_400),
    description: 'An embedded database that ended is started again; if it does not come back in this time, the program ends with code 3.',
  }),
  poolSize: setting({
    env: 'TINTYPE_POOL_SIZE',
    default: 10,
    parse: integer(2, 500),
    description:
      'Database connections for the requests of one process. Three more hear notices and share short reads; a worker has as many as jobs at a time, and four.',
  }),
  statementSeconds: setting({
    env: 'TINTYPE_STATEMENT_SECONDS',
    default: 30,
    parse: integer(1, 3600),
    description: 'A statement of a request that takes longer is ended, with 503. Half of it for locks.',
  }),
  demo: setting({
    env: 'TINTYPE_DEMO',
    flag: 'demo',
    default: true,
    parse: switchValue,
    description: 'Create the demo agencies on the first start (`--no-demo` turns it off).',
  }),
  logLevel: setting({
    env: 'TINTYPE_LOG_LEVEL',
    flag: 'log-level',
    default: 'info',
    parse: choice('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
    description: 'Least severe log line to print.',
  }),
  bodyBytes: setting({ env: 'TINTYPE_BODY_BYTES', default: 2_097_152, parse: integer(1024, 104_857_600), description: 'Largest request body.' }),
  bodyGraceSeconds: setting({
    env: 'TINTYPE_BODY_GRACE_SECONDS',
    default: 10,
    parse: integer(1, 600),
    description: 'A request whose body comes more slowly than 4 KB/s is ended after these seconds.',
  }),
  archiveBytes: setting({
    env: 'TINTYPE_ARCHIVE_BYTES',
    default: 67_108_864,
    parse: integer(1024, 1_073_741_824),
    description: 'Largest snapshot archive that can be imported.',
  }),
  recordingBytes: setting({
    env: 'TINTYPE_RECORDING_BYTES',
    default: 52_428_800,
    parse: integer(1024, 1_073_741_824),
    description: 'Largest recording of a call that can be uploaded.',
  }),
  fileBytes: setting({
    env: 'TINTYPE_FILE_BYTES',
    default: 52_428_800,
    parse: integer(1024, 1_073_741_824),
    description: 'Largest attachment or file of a custom field that can be uploaded.',
  }),
  workerConcurrency: setting({ env: 'TINTYPE_WORKER_CONCURRENCY', default: 2, parse: integer(1, 64), description: 'Jobs one worker process runs at a time.' }),
  rateLimit: setting({
    env: 'TINTYPE_RATE_LIMIT',
    default: 100,
    parse: integer(0, 1_000_000),
    description: 'Requests per 10 s, per app (all private tokens together are one) and location or agency. 0 turns limits off.',
  }),
  rateLimitDaily: setting({
    env: 'TINTYPE_RATE_LIMIT_DAILY',
    default: 200_000,
    parse: integer(0, 1_000_000_000),
    description: 'Requests per day, per app (all private tokens together are one) and location or agency.',
  }),
} as const

export type Config = { readonly [K in keyof typeof SETTINGS]: (typeof SETTINGS)[K] extends Setting<infer T> ? T : never }

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
      problems.push(`${source}=${name === 'databaseUrl' ? '…' : text}: must be ${(error as Error).message}`)
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
