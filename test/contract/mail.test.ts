import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { SMTPServer } from 'smtp-server'
import { query } from '../../src/db/pool.ts'
import { type Client, createClient } from '../support/client.ts'
import { Service } from '../support/crash.ts'
import { newPerson, type SignedIn, signInTo, withCookie } from '../support/person.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency } from '../support/tenants.ts'

const SECRET = 'the-mail-server-knows-this'
const PASSWORD = 'correct horse battery'

interface Received {
  from: string
  to: string[]
  lines: string
}

const received: Received[] = []
let server: TestServer
let service: Service
let worker: Service
let url: string
let company: string
let post: number
let owner: SignedIn
let admin: Client

let smtp: SMTPServer

/** A server that takes mail from whoever has its password, and for everybody but those it does not know. */
async function openPost(port = 0): Promise<number> {
  smtp = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      username === 'tintype' && password === SECRET ? done(null, { user: username }) : done(new Error('who is that?')),
    onRcptTo: ({ address }, _session, done) =>
      address.startsWith('unknown') ? done(new Error(`${address}: there is nobody of this name`)) : done(),
    onData(stream, { envelope }, done) {
      text(stream).then((lines) => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address
        received.push({ from, to: envelope.rcptTo.map(({ address }) => address), lines })
        done()
      }, done)
    },
  })
  smtp.listen(port, '127.0.0.1')
  await once(smtp.server, 'listening')
  return (smtp.server.address() as AddressInfo).port
}

const closePost = () => new Promise<void>((done) => smtp.close(done))

before(async () => {
  post = await openPost()
  server = await startTestServer({ work: false, alone: true })
  const { companyId } = await createAgency(server.app, { name: 'Studio' })
  owner = await newPerson(server, { agencyId: companyId, role: 'owner' })
  company = `companyId=${companyId}`
  const env = {
    TINTYPE_LOG_LEVEL: 'trace',
    TINTYPE_SMTP_URL: `smtp://tintype:${SECRET}@127.0.0.1:${post}`,
    TINTYPE_SMTP_FROM: 'Studio <studio@example.com>',
  }
  service = new Service({ command: 'serve', databaseUrl: server.databaseUrl, env })
  worker = new Service({ command: 'work', databaseUrl: server.databaseUrl, env })
  service.start()
  worker.start()
  url = await service.ready
  await worker.ready
  admin = withCookie({ ...server, client: (token) => createClient(url, token) }, owner.cookie)
})
after(async () => {
  await service?.end()
  await worker?.end()
  await server?.[Symbol.asyncDispose]()
  await closePost()
})

const output = () => service.output + worker.output

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await what()); tries++) {
    assert.ok(tries < 3_000, output())
    await pause(10)
  }
}

async function nextMail(): Promise<Received> {
  await until(() => received.length > 0)
  return received.shift() as Received
}

/** Quoted-printable, as whoever reads it sees it. */
const readable = (lines: string) =>
  lines
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

/** The link of a mail, which is used up: a second time it lets nobody in. */
async function useLink({ lines }: Received): Promise<string> {
  const link = /^http\S+$/m.exec(readable(lines))?.[0] ?? assert.fail(lines)
  assert.ok(link.startsWith(`${url}/app/accept#token=`), link)
  const token = new URLSearchParams(new URL(link).hash.slice(1)).get('token') as string
  const accept = () => createClient(url).post('/people/accept', { token, password: PASSWORD })
  assert.deepEqual([(await accept()).status, (await accept()).status], [200, 403])
  return token
}

test('who is invited, and who needs a new password, gets the link by mail; it works once and stands in no log', async () => {
  const email = 'newcomer@people.example'
  const invited = await invite('newcomer')
  assert.deepEqual([invited.status, invited.body.mailed], [201, true], JSON.stringify(invited.body))
  const mail = await nextMail()
  assert.deepEqual([mail.from, mail.to], ['studio@example.com', [email]])
  assert.match(mail.lines, /^From: Studio <studio@example.com>\r?$/m)
  assert.match(mail.lines, /^Subject: Your invitation to Tintype\r?$/m)
  const tokens = [await useLink(mail)]
  assert.equal((await signInTo(server, { email, password: PASSWORD })).reply.status, 201)

  const renewed = await admin.post(`/people/${invited.body.person.id}/link?${company}`)
  assert.deepEqual([renewed.status, renewed.body.mailed], [201, true], JSON.stringify(renewed.body))
  const second = await nextMail()
  assert.deepEqual(second.to, [email])
  assert.match(second.lines, /^Subject: A new password for Tintype\r?$/m)
  tokens.push(await useLink(second))

  assert.match(output(), /"operation":"people.link"/, 'there is a log')
  for (const secret of [...tokens, SECRET, email, PASSWORD]) assert.ok(!output().includes(secret), secret)
})

test('mail that is refused stands in the log without address or link, and whoever invites has the link', async () => {
  const email = 'unknown@people.example'
  const { status, body } = await invite('unknown')
  assert.equal(status, 201)
  await until(() => worker.output.includes('mail failed'))
  const line = worker.output.split('\n').find((one) => one.includes('mail failed')) as string
  const { level, person, reason } = JSON.parse(line)
  assert.deepEqual([level, person], ['warn', body.person.id])
  assert.match(reason, /the address: there is nobody of this name/)
  const token = new URLSearchParams(new URL(body.link).hash.slice(1)).get('token') as string
  for (const secret of [token, email]) assert.ok(!output().includes(secret), secret)
  assert.equal((await createClient(url).post('/people/accept', { token, password: PASSWORD })).status, 200)
  assert.deepEqual(received, [])
})

const invite = (name: string) => admin.post(`/people/?${company}`, { email: `${name}@people.example`, role: 'viewer' })

/** All that the database has of mail that waits: links, and the jobs that are to send them. */
const waiting = async () =>
  (
    await query(
      server.owner(),
      sql<{ row: string }>`
        select l::text as row from person_link l where sealed is not null
        union all select j::text from graphile_worker._private_jobs j
          where task_id = (select id from graphile_worker._private_tasks where identifier = 'mail-link')`,
    )
  ).map(({ row }) => row)

test('what is undone is mailed to nobody', async () => {
  await sql`create function forbid() returns trigger language plpgsql as $$ begin raise 'not now'; end $$`.execute(
    server.owner(),
  )
  await sql`create constraint trigger at_the_end after insert on person_link deferrable initially deferred
      for each row execute function forbid()`.execute(server.owner())
  assert.equal((await invite('undone')).status, 500)
  await sql`drop function forbid cascade`.execute(server.owner())
  assert.equal((await invite('done')).status, 201)
  assert.deepEqual((await nextMail()).to, ['done@people.example'])
  await until(async () => (await waiting()).length === 0)
  assert.deepEqual(received, [])
})

test('a mail server that was away gets it later, but for links that no longer work; until then they are sealed', async () => {
  await closePost()
  const [late, twice] = [await invite('late'), await invite('twice')]
  assert.deepEqual([late.body.mailed, twice.body.mailed], [true, true])
  const again = await admin.post(`/people/${twice.body.person.id}/link?${company}`)
  await until(() => /mail-link.*attempt 1 of.*ECONNREFUSED/.test(worker.output))
  const rows = await waiting()
  assert.ok(rows.length >= 4, rows.join('\n'))
  const tokens = [late, twice, again].map(({ body }) => new URL(body.link).hash.slice('#token='.length))
  for (const secret of [...tokens, 'late@people.example', SECRET])
    for (const place of [...rows, output()]) assert.ok(!place.includes(secret), place)

  await openPost(post)
  await sql`update graphile_worker._private_jobs set run_at = now()`.execute(server.owner())
  const mails = [await nextMail(), await nextMail()].toSorted((a, b) => String(a.to).localeCompare(String(b.to)))
  assert.deepEqual(
    mails.map(({ to }) => to),
    [['late@people.example'], ['twice@people.example']],
  )
  assert.deepEqual([await useLink(mails[0] as Received), await useLink(mails[1] as Received)], [tokens[0], tokens[2]])
  await until(async () => (await waiting()).length === 0)
  assert.deepEqual(received, [])
})
