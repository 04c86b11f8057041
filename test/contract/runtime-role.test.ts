import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { openDatabase } from '../../src/db/pool.ts'
import { admitRuntime } from '../../src/db/roles.ts'
import { createLog } from '../../src/log.ts'
import { run } from '../support/command.ts'
import { BARE_ENV } from '../support/crash.ts'
import { administer, createTestDatabase, ownerUrlOf, type TestDatabase } from '../support/database.ts'
import { startTestServer } from '../support/server.ts'

let database: TestDatabase
before(async () => {
  database = await createTestDatabase()
})
after(() => database?.drop())

/** With `ROLE` and `OWNER` for the names. Each must be refused for want of a privilege, and for nothing else. */
const REFUSED = [
  // To change the schema.
  'create table mine (id int)',
  'create schema mine',
  'create view mine as select 1',
  "create function mine() returns int language sql as 'select 1'",
  'create index mine on token (name)',
  'alter table token add column mine text',
  'alter table token disable trigger all',
  'alter table token owner to ROLE',
  'drop table token',
  'truncate token',
  'drop schema graphile_worker cascade',
  'create policy mine on graphile_worker._private_jobs using (true)',
  "create or replace function derive_id(location_id text, kind text, lineage text) returns text language sql as 'select $1'",
  'create extension pg_trgm',
  // To become somebody else, or to let somebody be.
  'alter role ROLE superuser',
  'alter role ROLE createrole',
  'create role mine login',
  'set role OWNER',
  'set session authorization OWNER',
  'grant OWNER to ROLE',
  'create database mine',
  // To reach the machine.
  "copy token to program 'id'",
  "copy token from '/etc/passwd'",
  "select pg_read_file('/etc/passwd')",
  "select lo_import('/etc/passwd')",
  "select pg_ls_dir('/')",
  "alter system set log_statement = 'all'",
  'load $$plpgsql$$',
  'select pg_reload_conf()',
  // To read what is none of its business.
  'select rolpassword from pg_authid',
  'select passwd from pg_shadow',
  'select * from pg_user_mapping',
  'select * from pg_hba_file_rules',
  // To rewrite what was said of the past.
  "insert into migration (name, hash) values ('x', 'y')",
  'update migration set hash = hash',
  'delete from migration',
  "update change set actor = 'somebody else'",
  'delete from change',
  'update blob set doc = doc',
  'delete from blob',
  'update snapshot_entry set name = name',
  'delete from security_event',
  'update security_event set who = null',
  'truncate security_event',
  'delete from graphile_worker.migrations',
]

test('the role that serves and works can neither change the schema, nor rise, nor reach the machine, nor rewrite the past', async () => {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    const [role, owner] = [database.url, database.ownerUrl].map((url) =>
      pg.escapeIdentifier(new URL(url).username),
    ) as [string, string]
    const allowed: string[] = []
    for (const statement of REFUSED) {
      // Some are not for transactions.
      const isAlone = /^(create database|alter system)/.test(statement)
      if (!isAlone) await client.query('begin')
      const refused = await client.query(statement.replaceAll('ROLE', role).replaceAll('OWNER', owner)).then(
        () => 'done',
        (error: { code: string; message: string }) => (error.code === '42501' ? '' : `${error.code} ${error.message}`),
      )
      if (!isAlone) await client.query('rollback')
      if (refused !== '') allowed.push(`${statement}: ${refused}`)
    }
    assert.deepEqual(allowed, [])
  } finally {
    await client.end()
  }
})

test('it has no privilege on anything of ours beyond rows, and owns nothing', async () => {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    const { rows: beyond } = await client.query(`
      select n.nspname || '.' || c.relname as name, a.privilege_type from pg_class c join pg_namespace n
        on n.oid = c.relnamespace,
        aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a
      where n.nspname in ('public', 'graphile_worker') and pg_has_role(a.grantee, 'usage')
        and a.privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
        and not (c.relkind = 'S' and a.privilege_type = 'USAGE')`)
    assert.deepEqual(beyond, [])
    const { rows: owned } = await client.query('select oid from pg_class where pg_has_role(relowner, $1)', ['usage'])
    assert.deepEqual(owned, [])
    const { rows: writers } = await client.query(`
      select p.oid::regprocedure::text as name from pg_proc p where p.prosecdef
        and p.pronamespace = 'public'::regnamespace and has_function_privilege(p.oid, 'execute')`)
    assert.deepEqual(writers.map(({ name }) => name).sort(), [
      'drop_journal_partitions(date)',
      'forget_changes(text,text,text[])',
      'forget_security_events()',
      'make_change_partition(date)',
      'make_journal_partitions(date)',
      'repeat_security_event(text,uuid,integer)',
    ])
    await assert.rejects(
      client.query(`select make_change_partition('2026-03-02')`),
      /A partition of the change log is a month/,
    )
    await client.query(`select make_change_partition('2031-03-01'), make_change_partition('2031-03-01')`)
    const { rows } = await client.query(
      `select pg_get_expr(relpartbound, oid) as bounds from pg_class where relname = 'change_2031_03'`,
    )
    const [from, to] = ['2031-03-01', '2031-04-01'].map((day) => Date.parse(day).toString(16).padStart(12, '0')) as [
      string,
      string,
    ]
    const id = (hex: string) => `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`
    assert.equal(rows[0].bounds, `FOR VALUES FROM ('${id(from)}') TO ('${id(to)}')`)
  } finally {
    await client.end()
  }
})

test('an owner migrates and lets the other role in; that one alone says what is missing', async () => {
  const name = `tintype_roles_${randomBytes(5).toString('hex')}`
  const server = process.env.TINTYPE_TEST_SERVER_URL as string
  const as = (role: string) =>
    Object.assign(new URL(server), {
      username: `${name}_${role}`,
      password: `pass word '${role}'`,
      pathname: `/${name}`,
    }).href
  const [url, ownerUrl] = [as('app'), as('owner')]
  await administer(server, async (client) => {
    await client.query(`create role ${name}_owner login createrole password 'pass word ''owner'''`)
    await client.query(`create database ${name} owner ${name}_owner`)
  })
  try {
    const secretKey = randomBytes(32).toString('base64url')
    const migrated = await run({ DATABASE_URL: url, TINTYPE_OWNER_URL: ownerUrl }, 'migrate')
    assert.deepEqual(
      [migrated.code, migrated.out.startsWith('Applied: 000001-core, ')],
      [0, true],
      migrated.out + migrated.err,
    )
    assert.equal(
      (await run({ DATABASE_URL: url, TINTYPE_OWNER_URL: ownerUrl }, 'migrate')).out,
      'The schema is up to date.',
    )
    assert.equal((await run({ DATABASE_URL: url }, 'migrate')).out, 'The schema is up to date.')
    const future = '999999-future'
    await administer(ownerUrl, (owner) => owner.query(`insert into migration (name, hash) values ('${future}', 'x')`))
    const told = await run({ DATABASE_URL: url, TINTYPE_SECRET_KEY: secretKey }, 'doctor')
    assert.equal(told.code, 1, told.out)
    assert.match(told.out, /✗ A newer Tintype has migrated the schema: it has 999999-future/)
    await administer(ownerUrl, (owner) => owner.query(`delete from migration where name = '${future}'`))
    const early = await run({ DATABASE_URL: url }, 'token', 'create')
    assert.match(early.err, /There is no agency yet\. Make one: tintype agency create NAME/)
    const made = await run({ DATABASE_URL: url }, 'agency', 'create', 'Studio')
    assert.equal(made.code, 0, made.err)
    const before = await startTestServer({ databaseUrl: url, secretKey })
    const company = (await run({ DATABASE_URL: url }, 'agency', 'list')).out.split('\n')[1]?.split(' ')[0]
    const location = await before.client(made.out).post('/locations/', { companyId: company, name: 'First' })
    assert.equal(location.status, 200, JSON.stringify(location.body))
    assert.deepEqual((await before.client().get('/ready')).body.status, 'ready')
    await before[Symbol.asyncDispose]()

    await administer(ownerUrlOf(url), (client) => client.query("delete from migration where name like '000041%'"))
    const behind = await run({ DATABASE_URL: url }, 'migrate')
    assert.equal(behind.code, 1)
    assert.match(
      behind.err,
      /lacks migrations \(000041-change-partitions\), and the role \S+_app of DATABASE_URL may not make them\. Run tintype migrate .* TINTYPE_OWNER_URL/,
    )

    const same = await run({ DATABASE_URL: server, TINTYPE_OWNER_URL: ownerUrl }, 'migrate')
    assert.equal(same.code, 1)
  } finally {
    await administer(server, async (client) => {
      await client.query(`drop database ${name} with (force)`)
      for (const role of ['owner', 'app']) await client.query(`drop role if exists ${name}_${role}`)
    })
  }
})

test('the embedded database is served as such a role, too, and its files are for their owner alone', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'tintype-role-'))
  chmodSync(parent, 0o755)
  const data = join(parent, 'data')
  let child: ChildProcess | undefined
  try {
    child = spawn(
      process.execPath,
      [resolve(import.meta.dirname, '../../bin/tintype.js'), 'up', '--port', '0', '--no-demo', '--data', data],
      {
        env: BARE_ENV,
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    const output: string[] = []
    await new Promise<void>((ready, fail) => {
      for (const stream of [child?.stdout, child?.stderr])
        stream?.on('data', (chunk) => {
          output.push(String(chunk))
          if (output.join('').includes('Ctrl-C')) ready()
        })
      child?.once('exit', () => fail(new Error(`it ended: ${output.join('')}`)))
    })
    // Under root the database is another user, who has to pass.
    assert.equal(
      statSync(data).mode & 0o777,
      process.getuid?.() === 0 ? 0o711 : 0o700,
      'nobody else sees what is in it',
    )
    const files = ['secret.key', 'postgres.password', 'postgres.runtime.password']
    assert.deepEqual(
      files.map((file) => statSync(join(data, file)).mode & 0o777),
      files.map(() => 0o600),
    )
    const port = readFileSync(join(data, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[3]
    const connectionString = `postgres://tintype_runtime:${readFileSync(join(data, 'postgres.runtime.password'), 'utf8').trim()}@127.0.0.1:${port}/postgres`
    const client = new pg.Client({ connectionString })
    await client.connect()
    const { rows: users } = await client.query(
      `select distinct usename from pg_stat_activity where backend_type = 'client backend'`,
    )
    assert.deepEqual(users, [{ usename: 'tintype_runtime' }], 'the process that serves holds no other connection')
    await assert.rejects(client.query('create temp table mine (id int)'), { code: '42501' })
    await assert.rejects(client.query("copy (select 1) to program 'id'"), { code: '42501' })
    await client.end()
  } finally {
    child?.removeAllListeners('exit')
    const ended = new Promise((done) => child?.once('exit', done))
    if (child?.kill('SIGINT')) await ended
    rmSync(parent, { recursive: true, force: true })
  }
})

test('several processes let the role in at once', async () => {
  const owners = Array.from({ length: 6 }, () =>
    openDatabase({ url: database.ownerUrl, poolSize: 1, log: createLog('silent') }),
  )
  try {
    await Promise.all(owners.map((owner) => admitRuntime(owner, database.url, { own: true })))
  } finally {
    for (const owner of owners) await owner.close()
  }
})
