import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { SignJWT } from 'jose'
import { sql } from 'kysely'
import { SEALED_COLUMNS } from '../../src/auth/sealed-columns.ts'
import { forgetSigningKeys, signingKeys } from '../../src/auth/signing-keys.ts'
import { readConfig } from '../../src/config.ts'
import { openDatabase, query } from '../../src/db/pool.ts'
import { createLog } from '../../src/log.ts'
import { run as runCommand } from '../support/command.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { refresh, tokensFor } from '../support/oauth.ts'
import { startTestServer } from '../support/server.ts'
import { type Story, startStory } from '../support/stories.ts'

let folder: string
/** Its keys go through all of these tests, one after the other. */
let story: Story
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tintype-keys-'))
  story = await startStory({ work: false, alone: true })
})
after(async () => {
  rmSync(folder, { recursive: true, force: true })
  await story?.[Symbol.asyncDispose]()
})

const newKey = async () => (await run({}, 'keys', 'generate')).out.trim()

/** With the end of the last line, as a terminal gets it. */
async function run(...command: Parameters<typeof runCommand>): ReturnType<typeof runCommand> {
  const { code, out, err } = await runCommand(...command)
  return { code, out: `${out}\n`, err: `${err}\n` }
}

/** Starts a whole server on a database and ends it again. */
async function start(
  databaseUrl: string,
  settings: { secretKey?: string; secretKeyFile?: string; data?: string },
): Promise<void> {
  const server = await startTestServer({
    work: false,
    databaseUrl,
    secretKey: undefined,
    data: join(folder, 'none'),
    ...settings,
  })
  await server[Symbol.asyncDispose]()
}

async function withDatabase(work: (database: TestDatabase) => Promise<void>): Promise<void> {
  const database = await createTestDatabase()
  try {
    await work(database)
  } finally {
    await database.drop()
  }
}

const statusOf = async ({ server, template }: Pick<Story, 'server' | 'template'>, token: string) =>
  (await server.client(token).get(`/locations/${template.id}/tags`)).status

test('whoever has a copy of the database, and not the key, can sign nothing', async () => {
  const { access_token: access } = await tokensFor(story, story.template.id)
  const payload = JSON.parse(Buffer.from(access.split('.')[1], 'base64url').toString())
  const rows = await query(story.server.app.platform.db, sql<Record<string, unknown>>`select * from signing_key`)
  assert.equal(rows.length, 1)
  for (const value of rows.flatMap((row) => Object.values(row)).filter((one) => typeof one === 'string')) {
    for (const key of [
      Buffer.from(value, 'hex'),
      Buffer.from(value, 'base64url'),
      Buffer.from(value.split('.').at(-1) ?? '', 'base64url'),
      Buffer.from(value),
    ]) {
      if (key.length < 16) continue
      const forged = await new SignJWT(payload).setProtectedHeader({ alg: 'HS256', kid: '1' }).sign(key)
      assert.equal(await statusOf(story, forged), 401)
    }
  }
})

test('every sealed column is known to whoever seals anew', async () => {
  await withDatabase(async ({ url }) => {
    const database = openDatabase({ url, poolSize: 1, log: createLog('silent') })
    const found = await query(
      database.db,
      sql<{ table: string; column: string }>`
        select c.relname as table, a.attname as column from pg_attribute a join pg_class c on c.oid = a.attrelid
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
          and a.attname ~ '(^|_)sealed$' order by 1, 2`,
    ).finally(() => database.close())
    assert.deepEqual(
      found,
      SEALED_COLUMNS.map(({ table, column }) => ({ table, column })).sort((a, b) =>
        `${a.table}.${a.column}` < `${b.table}.${b.column}` ? -1 : 1,
      ),
    )
  })
})

test('tokens that a plain key signed go on after an upgrade, which leaves nothing in plain', async () => {
  const { db } = story.server.app.platform
  const { access_token: access } = await tokensFor(story, story.template.id)
  const payload = JSON.parse(Buffer.from(access.split('.')[1], 'base64url').toString())
  // As an earlier version kept it, and signed: without a name for the key.
  const secret = Buffer.alloc(32, 7)
  await sql`update signing_key set sealed = null, secret = ${secret} where id = 1`.execute(db)
  const old = await new SignJWT(payload).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(secret)
  await using upgraded = await startTestServer({ work: false, databaseUrl: story.server.databaseUrl })
  forgetSigningKeys(db)
  assert.equal((await upgraded.client(old).get(`/locations/${story.template.id}/tags`)).status, 200)
  assert.deepEqual(await query(db, sql`select secret from signing_key`), [{ secret: null }])
})

test('the first start makes a key file that only its owner can read; the next one finds it', () =>
  withDatabase(async ({ url }) => {
    const data = join(folder, 'first')
    await start(url, { data })
    assert.deepEqual(readdirSync(data), ['secret.key'])
    const file = join(data, 'secret.key')
    assert.equal(statSync(file).mode & 0o777, 0o600)
    const text = readFileSync(file, 'utf8')
    assert.match(text, /^[\w-]{43}\n$/)
    await start(url, { data })
    assert.equal(readFileSync(file, 'utf8'), text)
  }))

test('a key that is missing, wrong or none is told at the start, with what to do', () =>
  withDatabase(async ({ url }) => {
    await start(url, { secretKey: await newKey() })
    await assert.rejects(
      start(url, { data: join(folder, 'empty') }),
      /sealed with key [0-9a-f]{12}, and there is no key: .*secret\.key does not exist.*TINTYPE_SECRET_KEY/,
    )
    assert.throws(() => statSync(join(folder, 'empty', 'secret.key')), 'no other key is made')
    await assert.rejects(
      start(url, { secretKey: await newKey() }),
      /sealed with key [0-9a-f]{12}, and TINTYPE_SECRET_KEY has [0-9a-f]{12}\. Give every process the key/,
    )
    await assert.rejects(
      start(url, { secretKey: 'correct horse battery staple' }),
      /TINTYPE_SECRET_KEY: a key is 32 random bytes in base64 or hex/,
    )
    await assert.rejects(start(url, { secretKeyFile: join(folder, 'nowhere') }), /There is no file .*nowhere/)
    assert.throws(
      () => readConfig({ TINTYPE_SECRET_KEY: 'x', TINTYPE_PORT: 'y' }),
      (error: Error) => !error.message.includes('=x'),
    )
  }))

test('what another row or an attacker wrote into a sealed column is refused', () =>
  withDatabase(async ({ url }) => {
    const secretKey = await newKey()
    await start(url, { secretKey })
    const database = openDatabase({ url, poolSize: 1, log: createLog('silent') })
    await sql`update signing_key set id = 2`.execute(database.db)
    await database.close()
    await assert.rejects(
      start(url, { secretKey }),
      /signing_key\.sealed of 2 does not open: the value was changed, or moved/,
    )
  }))

test('a new signing key: old tokens go on to their end, new ones are its own, and it can be at once', async () => {
  const env = {
    DATABASE_URL: story.server.databaseUrl,
    TINTYPE_SECRET_KEY: story.server.app.platform.config.secretKey as string,
  }
  const before = await tokensFor(story, story.template.id)
  const rotated = await run(env, 'keys', 'rotate')
  assert.deepEqual(
    [rotated.code, /^Signing key 2 signs now\. What was signed before goes on to its end/.test(rotated.out)],
    [0, true],
    rotated.out + rotated.err,
  )

  const after = await tokensFor(story, story.template.id)
  const headOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[0] as string, 'base64url').toString())
  assert.deepEqual([headOf(before.access_token).kid, headOf(after.access_token).kid], ['1', '2'])
  assert.deepEqual([await statusOf(story, before.access_token), await statusOf(story, after.access_token)], [200, 200])
  const renewed = await refresh(story, before.refresh_token)
  assert.equal(renewed.status, 200, 'refresh tokens are no matter of the key')
  await run(env, 'keys', 'rotate')
  const again = await refresh(story, before.refresh_token)
  assert.equal(
    again.body.refresh_token,
    renewed.body.refresh_token,
    'the answer that may have been lost is told again after a rotation, too',
  )

  const ended = await run(env, 'keys', 'rotate', '--at-once')
  assert.match(ended.out, /^Signing key 4 signs now\. Whatever was signed before has ended\./)
  // A notice tells the server, within milliseconds.
  for (let tries = 0; tries < 200 && (await statusOf(story, before.access_token)) !== 401; tries++) await pause(10)
  for (const token of [before, after, renewed.body]) assert.equal(await statusOf(story, token.access_token), 401)
  assert.equal(await statusOf(story, (await refresh(story, renewed.body.refresh_token)).body.access_token), 200)
})

test('whoever stole a retired key has no use for it beyond the life of what it had signed', async () => {
  const { access_token: access } = await tokensFor(story, story.template.id)
  const payload = JSON.parse(Buffer.from(access.split('.')[1], 'base64url').toString())
  const stolen = (await signingKeys(story.server.app.platform.db))[0]!
  await run(
    {
      DATABASE_URL: story.server.databaseUrl,
      TINTYPE_SECRET_KEY: story.server.app.platform.config.secretKey as string,
    },
    'keys',
    'rotate',
  )
  const sign = (exp: number) =>
    new SignJWT({ ...payload, exp }).setProtectedHeader({ alg: 'HS256', kid: String(stolen.id) }).sign(stolen.secret)
  const now = Math.floor(Date.now() / 1000)
  assert.equal(await statusOf(story, await sign(now + 86_000)), 200)
  assert.equal(await statusOf(story, await sign(now + 90_000)), 401)
})

test('all secrets are sealed anew with a new outside key, from the environment and in the file', () =>
  withDatabase(async ({ url }) => {
    const [first, second] = [await newKey(), await newKey()]
    await start(url, { secretKey: first })
    const both = await run({ DATABASE_URL: url, TINTYPE_SECRET_KEY: `${second},${first}` }, 'keys', 'reseal')
    assert.match(both.out, /^2 secrets are sealed with key [0-9a-f]{12} now\.\n$/, both.err)
    assert.match(both.err, /Take them out/)
    await start(url, { secretKey: second })
    await assert.rejects(start(url, { secretKey: first }), /are sealed with key/)

    const file = join(folder, 'outside.key')
    writeFileSync(file, `${second}\n`, { mode: 0o600 })
    await using server = await startTestServer({
      work: false,
      databaseUrl: url,
      secretKey: undefined,
      secretKeyFile: file,
    })
    const renewed = await run({ DATABASE_URL: url, TINTYPE_SECRET_KEY_FILE: file }, 'keys', 'reseal', '--new')
    assert.equal(renewed.code, 0, renewed.err)
    const third = readFileSync(file, 'utf8').trim()
    assert.match(third, /^[\w-]{43}$/)
    assert.notEqual(third, second)
    assert.equal(statSync(file).mode & 0o777, 0o600)
    const [aside = ''] = readdirSync(folder).filter((name) => name.startsWith('outside.key.'))
    assert.ok(renewed.err.includes(`Backups from before need the former key, which stands in ${join(folder, aside)}`))
    assert.equal(readFileSync(join(folder, aside), 'utf8').trim(), second)
    assert.equal(statSync(join(folder, aside)).mode & 0o777, 0o600)
    await start(url, { secretKey: third })
    const listed = await run({ DATABASE_URL: url, TINTYPE_SECRET_KEY_FILE: file }, 'keys', 'list')
    assert.match(listed.out, /seals\s+2\n/)
    forgetSigningKeys(server.app.platform.db)
    assert.equal((await signingKeys(server.app.platform.db)).length, 1, 'a process that runs reads the file anew')
  }))

test('a lost outside key is survived: the signing keys are made anew', () =>
  withDatabase(async ({ url }) => {
    await start(url, { secretKey: await newKey() })
    const env = { DATABASE_URL: url, TINTYPE_SECRET_KEY: await newKey() }
    assert.equal((await run(env, 'keys', 'list')).code, 1)
    const done = await run(env, 'keys', 'rotate', '--discard-lost')
    assert.match(done.out, /^Signing key \d+ signs now\. Lost, with what they had signed: 1\./, done.err)
    assert.match(done.out, /Webhooks are signed with a new key/)
    await start(url, { secretKey: env.TINTYPE_SECRET_KEY })
    assert.equal((await run(env, 'keys', 'rotate', '--discard-lost')).code, 1)
  }))
