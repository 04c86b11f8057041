import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { SMTPServer } from 'smtp-server'
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
let url: string
let company: string
let owner: SignedIn
let admin: Client

/** A server that takes mail from whoever has its password, and for everybody but those it does not know. */
const smtp = new SMTPServer({
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

before(async () => {
  smtp.listen(0, '127.0.0.1')
  await once(smtp.server, 'listening')
  server = await startTestServer({ work: false })
  const { companyId } = await createAgency(server.app, { name: 'Studio' })
  owner = await newPerson(server, { agencyId: companyId, role: 'owner' })
  company = `companyId=${companyId}`
  service = new Service({
    command: 'serve',
    databaseUrl: server.databaseUrl,
    env: {
      TINTYPE_LOG_LEVEL: 'trace',
      TINTYPE_SMTP_URL: `smtp://tintype:${SECRET}@127.0.0.1:${(smtp.server.address() as AddressInfo).port}`,
      TINTYPE_SMTP_FROM: 'Studio <studio@example.com>',
    },
  })
  service.start()
  url = await service.ready
  admin = withCookie({ ...server, client: (token) => createClient(url, token) }, owner.cookie)
})
after(async () => {
  await service?.end()
  await server?.[Symbol.asyncDispose]()
  await new Promise<void>((done) => smtp.close(done))
})

async function until(what: () => boolean): Promise<void> {
  for (let tries = 0; !what(); tries++) {
    assert.ok(tries < 1_000, service.output)
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
  const invited = await admin.post(`/people/?${company}`, { email, role: 'viewer' })
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

  assert.match(service.output, /"operation":"people.link"/, 'there is a log')
  for (const secret of [...tokens, SECRET, email, PASSWORD]) assert.ok(!service.output.includes(secret), secret)
})

test('mail that is refused stands in the log without address or link, and whoever invites has the link', async () => {
  const email = 'unknown@people.example'
  const { status, body } = await admin.post(`/people/?${company}`, { email, role: 'viewer' })
  assert.equal(status, 201)
  await until(() => service.output.includes('mail failed'))
  const line = service.output.split('\n').find((one) => one.includes('mail failed')) as string
  const { level, person, reason } = JSON.parse(line)
  assert.deepEqual([level, person], ['warn', body.person.id])
  assert.match(reason, /the address: there is nobody of this name/)
  const token = new URLSearchParams(new URL(body.link).hash.slice(1)).get('token') as string
  for (const secret of [token, email]) assert.ok(!service.output.includes(secret), secret)
  assert.equal((await createClient(url).post('/people/accept', { token, password: PASSWORD })).status, 200)
  assert.deepEqual(received, [])
})
