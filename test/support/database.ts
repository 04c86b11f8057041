import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { gatherStatements } from './sent-statements.ts'

/** Any number, as long as every test process takes the same advisory lock. */
const CLONE_LOCK = 7_468_100

const { TINTYPE_TEST_STATEMENTS: statements } = process.env
if (statements !== undefined) gatherStatements(statements)

export interface TestDatabase {
  /** As the role that owns nothing, like everything that serves and works. */
  url: string
  /** For what only the owner may do: other schemas, other tables. */
  ownerUrl: string
  drop(): Promise<void>
}

/**
 * A database of one's own: a clone of the migrated template that the test runner prepared. PostgreSQL clones a
 * database only while nobody else reads it, so clones queue on an advisory lock (120 ms each).
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const {
    TINTYPE_TEST_SERVER_URL: server,
    TINTYPE_TEST_RUNTIME_URL: runtime,
    TINTYPE_TEST_TEMPLATE: template,
  } = process.env
  if (server === undefined || runtime === undefined || template === undefined)
    throw new Error('Tests need the database that the runner starts: npm test -- test/flows/NAME.test.ts')
  const name = `${template}_${randomBytes(5).toString('hex')}`
  await administer(server, async (client) => {
    await client.query('select pg_advisory_lock($1)', [CLONE_LOCK])
    const clone = `create database ${name} template ${template} strategy file_copy`
    await client.query(clone)
    // A clone finds the others by its name.
    for (const node of nodes()) await administer(node, (other) => other.query(clone))
  })
  const url = Object.assign(new URL(runtime), { pathname: `/${name}` }).href
  return {
    url,
    ownerUrl: ownerUrlOf(url),
    async drop() {
      for (const url of [server, ...nodes()])
        await administer(url, (client) => client.query(`drop database if exists ${name} with (force)`))
    },
  }
}

/** The other nodes of a cluster, each with a template of the same name. */
const nodes = (): string[] => (process.env.TINTYPE_TEST_NODE_URLS ?? '').split(' ').filter((url) => url !== '')

/** The same database as its owner. */
export function ownerUrlOf(url: string): string {
  return Object.assign(new URL(process.env.TINTYPE_TEST_SERVER_URL as string), { pathname: new URL(url).pathname }).href
}

/** A database in which there is nothing at all. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  const { TINTYPE_TEST_SERVER_URL: server, TINTYPE_TEST_TEMPLATE: template } = process.env
  if (server === undefined || template === undefined)
    throw new Error('Tests need the database that the runner starts: npm test -- test/flows/NAME.test.ts')
  // Named after the template, so that the runner drops it when a test is killed.
  const name = `${template}_${randomBytes(5).toString('hex')}`
  await administer(server, (client) => client.query(`create database ${name}`))
  const url = new URL(server)
  url.pathname = `/${name}`
  return {
    url: url.href,
    ownerUrl: url.href,
    drop: () => administer(server, (client) => client.query(`drop database if exists ${name} with (force)`)),
  }
}

/** Runs statements that concern the server as a whole, on a connection of their own. */
export async function administer(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
