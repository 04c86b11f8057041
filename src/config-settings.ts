import { resolve } from 'node:path'
import { CONNECT_SETTINGS } from './config-connect.ts'
import { JOURNAL_SETTINGS } from './config-journal.ts'
import { PEOPLE_SETTINGS } from './config-people.ts'
import { setting } from './config-setting.ts'
import { choice, databaseUrl, integer, networks, origins, secretText, switchValue, url } from './config-values.ts'

/** Every setting, read once. `.env.example` and docs/reference/configuration.md are generated from this table. */
export const SETTINGS = {
  port: setting({
    env: 'TINTYPE_PORT',
    flag: 'port',
    default: 4400,
    parse: integer(0, 65535),
    description: 'Port of the API and the console. 0 takes a free one.',
  }),
  host: setting({
    env: 'TINTYPE_HOST',
    flag: 'host',
    default: '127.0.0.1',
    parse: String,
    description: 'Address to listen on. 0.0.0.0 for all.',
  }),
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
    description:
      'Addresses or networks of the proxies in front, comma separated (10.0.0.0/8): what they say of where a ' +
      'request came from is believed.',
  }),
  data: setting({
    env: 'TINTYPE_DATA',
    flag: 'data',
    default: resolve('data'),
    parse: (text) => resolve(text),
    description: 'Folder of the embedded database and of demo.json.',
  }),
  diskFreeMb: setting({
    env: 'TINTYPE_DISK_FREE_MB',
    default: 1000,
    parse: integer(0, 100_000_000),
    description: 'Where less is free on the disk of that folder, /ready and doctor say so. 0: they do not look.',
  }),
  databaseUrl: setting<string | undefined>({
    env: 'DATABASE_URL',
    flag: 'database-url',
    secret: true,
    default: undefined,
    parse: databaseUrl,
    description: 'PostgreSQL 15 or newer to use in place of the embedded one.',
  }),
  ownerUrl: setting<string | undefined>({
    env: 'TINTYPE_OWNER_URL',
    secret: true,
    default: undefined,
    parse: databaseUrl,
    description:
      'The same database as the role that owns its schema: tintype migrate uses it, and lets the role of ' +
      'DATABASE_URL do what serve and work do. Without it DATABASE_URL must own the schema.',
  }),
  secretKey: setting<string | undefined>({
    env: 'TINTYPE_SECRET_KEY',
    secret: true,
    default: undefined,
    parse: String,
    description:
      'Key that seals the secrets in the database: 32 random bytes in base64 or hex (tintype keys generate). ' +
      'Others that may still open them follow, comma separated. Every process needs the same. Default: the key ' +
      'file.',
  }),
  secretKeyFile: setting<string | undefined>({
    env: 'TINTYPE_SECRET_KEY_FILE',
    default: undefined,
    parse: (text) => resolve(text),
    description:
      'File with that key, others on the lines below it. Default: secret.key in the data folder, which the first ' +
      'start makes (mode 0600).',
  }),
  embeddedPatienceSeconds: setting({
    env: 'TINTYPE_EMBEDDED_PATIENCE_SECONDS',
    default: 120,
    parse: integer(1, 86_400),
    description:
      'An embedded database that ended is started again; if it does not come back in this time, the program ends ' +
      'with code 3.',
  }),
  poolSize: setting({
    env: 'TINTYPE_POOL_SIZE',
    default: 10,
    parse: integer(2, 500),
    description:
      'Database connections for the requests of one process. Three more hear notices and share short reads; a ' +
      'worker has as many as jobs at a time, and four.',
  }),
  statementSeconds: setting({
    env: 'TINTYPE_STATEMENT_SECONDS',
    default: 30,
    parse: integer(1, 3600),
    description: 'A statement of a request that takes longer is ended, with 503. Half of it for locks.',
  }),
  metricsPort: setting<number | undefined>({
    env: 'TINTYPE_METRICS_PORT',
    default: undefined,
    parse: integer(0, 65535),
    description:
      'Port of its own for /metrics and for what /ready says in full, of every process (serve, work, up). Those of ' +
      'the API then say no more than whether it works.',
  }),
  metricsHost: setting({
    env: 'TINTYPE_METRICS_HOST',
    default: '127.0.0.1',
    parse: String,
    description: 'Address of that port.',
  }),
  metricsToken: setting<string | undefined>({
    env: 'TINTYPE_METRICS_TOKEN',
    secret: true,
    default: undefined,
    parse: secretText,
    description:
      'Bearer token that opens both, on either port. Without it and without a port of their own they are open only ' +
      'where nobody but this machine reaches the server.',
  }),
  docs: setting({
    env: 'TINTYPE_DOCS',
    default: true,
    parse: switchValue,
    description: 'Serve the reference: /docs and /openapi.json.',
  }),
  console: setting({
    env: 'TINTYPE_CONSOLE',
    default: true,
    parse: switchValue,
    description: 'Serve the web console under /. `tintype up` builds it where that has not been done.',
  }),
  operatorToken: setting<string | undefined>({
    env: 'TINTYPE_OPERATOR_TOKEN',
    secret: true,
    default: undefined,
    parse: secretText,
    description:
      'Bearer token of whoever runs the server: makes, lists and renames agencies over HTTP. Without it only the ' +
      'command line does.',
  }),
  corsOrigins: setting({
    env: 'TINTYPE_CORS_ORIGINS',
    default: '',
    parse: origins,
    description:
      'Origins from which programs in browsers may use the API, comma separated (https://app.example), or * for ' +
      'all. None by default.',
  }),
  requestLog: setting({
    env: 'TINTYPE_REQUEST_LOG',
    default: 'all',
    parse: choice('all', 'failed', 'off'),
    description:
      'Requests to log, one line of JSON each at level info: id, method, route, status, milliseconds, tenant. ' +
      'Never what was sent.',
  }),
  requirePkce: setting({
    env: 'TINTYPE_REQUIRE_PKCE',
    default: false,
    parse: switchValue,
    description:
      'Ask for PKCE of every app. Public apps must use it in any case; clients written for HighLevel, whose wire ' +
      'has none, could not go on.',
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
  bodyBytes: setting({
    env: 'TINTYPE_BODY_BYTES',
    default: 2_097_152,
    parse: integer(1024, 104_857_600),
    description: 'Largest request body.',
  }),
  bodyGraceSeconds: setting({
    env: 'TINTYPE_BODY_GRACE_SECONDS',
    default: 10,
    parse: integer(1, 600),
    description: 'A request whose body comes more slowly than 4 KB/s is ended after these seconds.',
  }),
  readerGraceSeconds: setting({
    env: 'TINTYPE_READER_GRACE_SECONDS',
    default: 60,
    parse: integer(1, 3600),
    description: 'A file, export or event stream of which nothing is taken for so long is ended.',
  }),
  sockets: setting({
    env: 'TINTYPE_SOCKETS',
    default: 10_000,
    parse: integer(10, 1_000_000),
    description: 'TCP connections that one process holds at a time; beyond, new ones are closed at once.',
  }),
  streams: setting({
    env: 'TINTYPE_STREAMS',
    default: 500,
    parse: integer(1, 100_000),
    description:
      'Event streams that one process serves at a time (503 beyond); a tenant gets at most a fifth of them (429 ' +
      'beyond).',
  }),
  uploads: setting({
    env: 'TINTYPE_UPLOADS',
    default: 40,
    parse: integer(1, 10_000),
    description:
      'Files and archives that one process takes at a time (503 beyond); a tenant gets at most a fifth of them ' +
      '(429 beyond).',
  }),
  pendingJobs: setting({
    env: 'TINTYPE_PENDING_JOBS',
    default: 1000,
    parse: integer(1, 30_000),
    description: 'Once so many batches of pushes of an agency wait for a worker, it can start no other push (429).',
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
  ...JOURNAL_SETTINGS,
  ...CONNECT_SETTINGS,
  ...PEOPLE_SETTINGS,
  workerConcurrency: setting({
    env: 'TINTYPE_WORKER_CONCURRENCY',
    default: 2,
    parse: integer(1, 64),
    description: 'Jobs one worker process runs at a time.',
  }),
  visitorLimit: setting({
    env: 'TINTYPE_VISITOR_LIMIT',
    default: 200,
    parse: integer(0, 1_000_000),
    description:
      'Requests per 10 s without a token: from one address (an IPv6 network of 64 bits is one), and of one app ' +
      'that proves itself by its secret. Signed URLs of the journal are no such requests, unless they are refused. ' +
      'Wrong tokens from one address: five times as many. Each process counts for itself. 0 turns limits off.',
  }),
  rateLimit: setting({
    env: 'TINTYPE_RATE_LIMIT',
    default: 100,
    parse: integer(0, 1_000_000),
    description:
      'Requests per 10 s, per app (all private tokens together are one) and location or agency. 0 turns limits off.',
  }),
  rateLimitDaily: setting({
    env: 'TINTYPE_RATE_LIMIT_DAILY',
    default: 200_000,
    parse: integer(0, 1_000_000_000),
    description: 'Requests per day, per app (all private tokens together are one) and location or agency.',
  }),
} as const
