import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { accessSync, chmodSync, constants, existsSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { distribute } from '../src/db/distribute.ts'
import { startEmbedded } from '../src/db/embedded.ts'
import { migrate } from '../src/db/migrate.ts'
import { openDatabase } from '../src/db/pool.ts'
import { admitRuntime } from '../src/db/roles.ts'
import { createLog } from '../src/log.ts'
import { ensureConsole } from '../src/surfaces/command-line/console-build.ts'
import { administer } from '../test/support/database.ts'
import { close, joinNodes, nodesOf } from './cluster.ts'
import { installClients } from './install-clients.ts'
import { gatherSent } from './sent-statements.ts'
import { groupTests } from './test-groups.ts'

const ROOT = resolve(import.meta.dirname, '..')
const FOLDER = 'tintype-test-'
/**
 * Memory as a folder. A database of hundreds of small files is cloned there in a tenth of the time; a run takes up some
 * hundred megabytes.
 */
const MEMORY_FOLDER = '/dev/shm'
const MEMORY_NEEDED = 3 * 2 ** 30
const CRASH_ROUNDS = '50'
const STORM_ROUNDS = '500'
/** On two cores: what waits for a clock leaves its turn to another. */
const AT_ONCE = 3
const FUZZ_REQUESTS = '100'
/** What can happen to a machine: in full, and with minutes in place of seconds. */
const OPS_FILES = /^(ops|upgrade)\/|^flows\/(backup|database-away|embedded)\./
const OPS_AWAY_SECONDS = '90'
const STORM_FILE = join('flows', 'at-once.test.ts')
const JOURNAL_FILE = join('flows', 'journal-order.test.ts')
const JOURNAL_EVENTS = '1000000'
/** Only when asked for: it measures, and other tests beside it would be neighbours too. */
const NEIGHBOURS_FILE = join('flows', 'noisy-neighbour.test.ts')
const NEIGHBOURS_SECONDS = '20'
/** Only when asked for: it writes docs/screenshots/. */
const SCREENSHOTS_FILE = join('console', 'screenshots.test.ts')
/** Only when asked for: these clients come with hundreds of packages of their own. */
const INSTALLED_CLIENTS = /^clients\/(mcp-|n8n|zapier)/
const log = createLog('warn')

const given = process.argv.slice(2)
const crash = given.includes('--crash')
/** `--model --minutes 60 --seed 7 --steps 80 --features chains,parts`: what the model test is to do. */
const model = given.includes('--model')
/** `--storm --rounds 500 --seed 7`: how long pushes at once are tried. */
const storm = given.includes('--storm')
/** `--neighbours --seconds 20`: how long each thing that a tenant can do to others goes on. */
const neighbours = given.includes('--neighbours')
/**
 * `--fuzz --requests 100 --minutes 30 --seed 7 --operations contacts.create,tags.update`: how many requests of what, or
 * for how long.
 */
const fuzz = given.includes('--fuzz')
/** Pictures of every screen of the console. */
const screenshots = given.includes('--screenshots')
/** All that operators are afraid of. */
const ops = given.includes('--ops')
/** On the cluster whose coordinator TINTYPE_TEST_DATABASE_URL names. */
const citus = given.includes('--citus')
/** All but what a browser shows, which asks nothing but operations that are tested with each database. */
const withoutBrowser = given.includes('--no-browser')
/** Clients that others wrote, those that are installed for it too. */
const clients = given.includes('--clients')
/** `--journal --events 1000000`: how many a consumer follows while eight writers commit in every order. */
const journal = given.includes('--journal')
const SETTINGS: readonly [boolean, string, RegExp][] = [
  [model, 'MODEL', /^--(minutes|seed|steps|features)$/],
  [storm, 'STORM', /^--(rounds|seed)$/],
  [neighbours, 'NEIGHBOURS', /^--seconds$/],
  [journal, 'JOURNAL', /^--events$/],
  [fuzz, 'FUZZ', /^--(minutes|seed|requests|operations)$/],
]
const [, prefix, setting] = SETTINGS.find(([isAsked]) => isAsked) ?? [false, '', /^$/]
const settings = new Map(
  given.flatMap((argument, index) => (setting.test(argument) ? [[argument, given[index + 1] ?? '']] : [])),
)
const isSetting = (argument: string, index: number) => settings.has(argument) || settings.has(given[index - 1] ?? '')
const RUNS = [
  '--citus',
  '--crash',
  '--model',
  '--storm',
  '--neighbours',
  '--fuzz',
  '--ops',
  '--clients',
  '--journal',
  '--screenshots',
  '--no-browser',
]
const rest = given.filter((argument, index) => !isSetting(argument, index) && !RUNS.includes(argument))
const flags = rest.filter((argument) => argument.startsWith('--'))
const named = rest.filter((argument) => !argument.startsWith('--'))

interface Server {
  url: string
  /** The other nodes, where it is the coordinator of a cluster. */
  nodes: string[]
  stop(): Promise<void>
}

/** One server for the whole run: the one TINTYPE_TEST_DATABASE_URL names, or an embedded one in a folder of its own. */
async function startServer(): Promise<Server> {
  const url = process.env.TINTYPE_TEST_DATABASE_URL
  if (url !== undefined && url !== '') return { url, nodes: await nodesOf(url), stop: async () => {} }
  sweep()
  const dataDir = mkdtempSync(join(isRoomy(MEMORY_FOLDER) ? MEMORY_FOLDER : tmpdir(), `${FOLDER}${process.pid}-`))
  chmodSync(dataDir, 0o755) // the database runs as another user when we are root
  const remove = () => rmSync(dataDir, { recursive: true, force: true })
  try {
    // What is measured, or goes on for long, runs as it does for people: looked after by autovacuum, and sure to be on disk.
    const server = await startEmbedded({ dataDir, log, fast: !neighbours && !journal })
    return {
      url: server.url,
      nodes: [],
      async stop() {
        await server.stop()
        remove()
      },
    }
  } catch (error) {
    remove()
    throw error
  }
}

function isRoomy(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize >= MEMORY_NEEDED
  } catch {
    return false
  }
}

/** What a killed run had mounted stays: that is no reason not to run. */
function removeIfPossible(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true })
  } catch {}
}

/** Folders of runs that were killed; a folder carries the pid of its run. */
function sweep(): void {
  for (const parent of [tmpdir(), MEMORY_FOLDER].filter((path) => existsSync(path))) {
    for (const folder of readdirSync(parent).filter((name) => name.startsWith(FOLDER))) {
      try {
        process.kill(Number(folder.split('-')[2]), 0)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ESRCH') removeIfPossible(join(parent, folder))
      }
    }
  }
}

/** A migrated database that each test clones, and the role that owns nothing, as which everything is tested. */
async function createTemplate(server: Server): Promise<{ template: string; runtimeUrl: string }> {
  const template = `tintype_test_${process.pid}_${randomBytes(3).toString('hex')}`
  await administer(server.url, (client) => client.query(`create database ${template}`))
  if (server.nodes.length > 0) await joinNodes(server.url, server.nodes, template)
  const url = new URL(server.url)
  url.pathname = `/${template}`
  const database = openDatabase({ url: url.href, poolSize: 2, log })
  const runtime = new URL(server.url)
  runtime.username = `${template}_runtime`
  runtime.password = randomBytes(12).toString('hex')
  try {
    await migrate(database)
    if (server.nodes.length > 0) await distribute(database)
    await admitRuntime(database, runtime.href, { own: true })
  } finally {
    await database.close()
  }
  if (server.nodes.length > 0) await close([server.url, ...server.nodes], template)
  return { template, runtimeUrl: runtime.href }
}

/** The template and whatever clones a killed test left behind. */
async function dropDatabases(server: Server, template: string): Promise<void> {
  for (const url of [server.url, ...server.nodes])
    await administer(url, async (client) => {
      const { rows } = await client.query('select datname from pg_database where starts_with(datname, $1)', [template])
      for (const { datname } of rows) await client.query(`drop database if exists ${datname} with (force)`)
      await client.query(`drop role if exists ${template}_runtime`)
    })
}

function findTests(): string[] {
  if (named.length > 0) return named.map((path) => resolve(path))
  const all = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.test.ts') && !path.includes('node_modules'),
  )
  return all
    .filter(
      (path) =>
        (!crash || path.startsWith('crash/')) &&
        (!model || path.startsWith('model/')) &&
        (!fuzz || path.startsWith('fuzz/')) &&
        (!ops || OPS_FILES.test(path)) &&
        !(withoutBrowser && path.startsWith('console/')) &&
        (!storm || path === STORM_FILE) &&
        (!journal || path === JOURNAL_FILE) &&
        (clients ? path.startsWith('clients/') : !INSTALLED_CLIENTS.test(path)) &&
        screenshots === (path === SCREENSHOTS_FILE) &&
        neighbours === (path === NEIGHBOURS_FILE),
    )
    .sort()
    .map((path) => join(ROOT, 'test', path))
}

async function runTests(
  server: Server,
  { template, runtimeUrl, statements }: { template: string; runtimeUrl: string; statements: string },
  files: string[],
): Promise<number> {
  const env = {
    ...process.env,
    NODE_ENV: 'test',
    // Commands that are run for something else build no console.
    TINTYPE_CONSOLE: 'false',
    TINTYPE_TEST_SERVER_URL: server.url,
    TINTYPE_TEST_NODE_URLS: server.nodes.join(' '),
    TINTYPE_TEST_RUNTIME_URL: runtimeUrl,
    TINTYPE_TEST_TEMPLATE: template,
    TINTYPE_TEST_STATEMENTS: statements,
    ...(crash ? { TINTYPE_CRASH_ROUNDS: CRASH_ROUNDS } : {}),
    ...(neighbours ? { TINTYPE_NEIGHBOURS_SECONDS: NEIGHBOURS_SECONDS } : {}),
    ...(ops ? { TINTYPE_OPS: 'long', TINTYPE_OPS_AWAY_SECONDS: OPS_AWAY_SECONDS } : {}),
    ...(journal ? { TINTYPE_JOURNAL_EVENTS: JOURNAL_EVENTS } : {}),
    ...(storm ? { TINTYPE_STORM_ROUNDS: STORM_ROUNDS } : {}),
    ...(fuzz && !settings.has('--minutes') ? { TINTYPE_FUZZ_REQUESTS: FUZZ_REQUESTS } : {}),
    ...Object.fromEntries(
      [...settings].map(([name, value]) => [`TINTYPE_${prefix}_${name.slice(2).toUpperCase()}`, value]),
    ),
  }
  const child = spawn(
    process.execPath,
    ['--test', `--test-concurrency=${AT_ONCE}`, '--test-reporter=spec', ...flags, ...files],
    {
      cwd: ROOT,
      stdio: 'inherit',
      env,
    },
  )
  const stop = () => child.kill('SIGTERM')
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  process.on('disconnect', stop)
  process.channel?.unref()
  return new Promise((done) => child.once('exit', (code) => done(code ?? 1)))
}

const files = findTests()
if (files.length === 0) {
  process.stderr.write('There are no tests to run.\n')
  process.exit(1)
}
if (files.some((path) => INSTALLED_CLIENTS.test(relative(join(ROOT, 'test'), path)))) installClients()
if (files.some((path) => relative(join(ROOT, 'test'), path).startsWith('console')))
  await ensureConsole((line) => process.stdout.write(`${line}\n`))
const server = await startServer()
if (citus && server.nodes.length === 0)
  throw new Error(
    'TINTYPE_TEST_DATABASE_URL must name a database of the coordinator of a cluster, which knows its nodes.',
  )
try {
  const made = await createTemplate(server)
  try {
    // A file that is asked for alone has a process of its own.
    using groups = groupTests(join(ROOT, 'test'), files)
    using sent = gatherSent()
    const code = await runTests(server, { ...made, statements: sent.folder }, groups.files)
    const template = Object.assign(new URL(server.url), { pathname: `/${made.template}` }).href
    // A cluster says so itself.
    const isFit = server.nodes.length > 0 || (await sent.check(template, { whole: given.length === 0 }))
    process.exitCode = code === 0 && !isFit ? 1 : code
  } finally {
    await dropDatabases(server, made.template)
  }
} finally {
  await server.stop()
}
