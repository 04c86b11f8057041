import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { TOTP } from 'otpauth'
import { run as runCommand } from '../support/command.ts'
import { newPerson, signInTo } from '../support/person.ts'
import { startTestServer, TEST_KEY, type TestServer } from '../support/server.ts'
import { createAgency } from '../support/tenants.ts'

let server: TestServer
before(async () => {
  server = await startTestServer({ work: false, rateLimit: 0 })
})
after(() => server?.[Symbol.asyncDispose]())

const run = (...words: string[]) =>
  runCommand({ DATABASE_URL: server.databaseUrl, TINTYPE_SECRET_KEY: TEST_KEY }, 'admin', ...words)

test('admins are made, get a new password and are listed', async () => {
  const { companyId } = await createAgency(server.app)
  const made = await run('create', 'ann@example.com', '--company-id', companyId, '--name', 'Ann')
  assert.match(made.out, /^[\w-]{20}$/)
  const again = await run('create', 'ANN@example.com', '--company-id', companyId)
  assert.deepEqual([again.code, again.out], [1, ''])
  const renewed = await run('password', 'ann@example.com')
  assert.match(renewed.out, /^[\w-]{20}$/)
  assert.notEqual(renewed.out, made.out)
  const list = await run('list', '--company-id', companyId)
  assert.match(list.out, /^ann@example.com +Ann +owner +active /m, 'the first of an agency')
  for (const [words, code, said] of [
    [['password', 'nobody@example.com'], 1, /There is no admin/],
    [['create', 'nobody'], 2, /not an e-mail/],
    [['role', 'ann@example.com'], 2, /Which one\? --role owner/],
  ] as const) {
    const mistaken = await run(...words)
    assert.equal(mistaken.code, code, mistaken.err)
    assert.match(mistaken.err, said)
  }
})

test('the list tells who is disabled', async () => {
  const { companyId: agencyId } = await createAgency(server.app)
  const owner = await newPerson(server, { agencyId, role: 'owner' })
  const admin = await newPerson(server, { agencyId, role: 'admin' })
  assert.equal((await owner.post(`/people/${admin.id}/disable?companyId=${agencyId}`)).status, 200)
  const { out } = await run('list', '--company-id', agencyId)
  const stateOf = ({ email }: { email: string }) =>
    out
      .split('\n')
      .find((line) => line.startsWith(email))
      ?.split(/ {2,}/)[3]
  assert.deepEqual([stateOf(owner), stateOf(admin)], ['active', 'disabled'])
})

test('an admin who is removed cannot go on, and what they allowed stays', async () => {
  const { companyId } = await createAgency(server.app)
  await newPerson(server, { agencyId: companyId, role: 'owner' })
  const leaver = await newPerson(server, { agencyId: companyId, role: 'admin' })
  const removed = await run('remove', leaver.email.toUpperCase())
  assert.deepEqual([removed.code, removed.err], [0, ''])
  assert.equal((await leaver.get('/session')).status, 401)
  assert.ok(!(await run('list', '--company-id', companyId)).out.includes(leaver.email))
  assert.equal((await run('password', leaver.email)).code, 1)
})

test('the last owner stays until somebody else is one, also for the command line', async () => {
  const { companyId: agencyId } = await createAgency(server.app)
  const owner = await newPerson(server, { agencyId, role: 'owner' })
  const admin = await newPerson(server, { agencyId, role: 'admin' })
  for (const words of [
    ['remove', owner.email],
    ['role', owner.email, '--role', 'viewer'],
  ]) {
    const refused = await run(...words)
    assert.deepEqual([refused.code, refused.out], [1, ''])
    assert.match(refused.err, /would have no owner any more.*tintype admin role EMAIL --role owner/)
  }
  assert.equal((await owner.get('/session')).body.person.role, 'owner')
  assert.equal((await run('role', admin.email, '--role', 'owner')).code, 0)
  assert.equal((await admin.get('/session')).body.person.role, 'owner')
  assert.equal((await run('remove', owner.email)).code, 0)
})

test('who has lost device and codes signs in by the password again', async () => {
  const { companyId: agencyId } = await createAgency(server.app)
  const owner = await newPerson(server, { agencyId, role: 'owner' })
  const none = await run('second-factor', owner.email)
  assert.deepEqual([none.code, none.err], [1, `${owner.email} has no second factor.`])
  const { secret } = (await owner.post('/account/second-factor', { password: owner.password })).body
  const code = new TOTP({ secret }).generate()
  assert.equal((await owner.post('/account/second-factor/confirm', { code })).status, 200)
  assert.equal((await signInTo(server, owner)).reply.status, 401)
  assert.equal((await run('second-factor', owner.email)).code, 0)
  assert.equal((await signInTo(server, owner)).reply.status, 201)
})

test('what commands change about access is kept for the agency, and what they only tried is not', async () => {
  const command = (...words: string[]) =>
    runCommand(
      { DATABASE_URL: server.databaseUrl, TINTYPE_SECRET_KEY: TEST_KEY, TINTYPE_LOG_LEVEL: 'silent' },
      ...words,
    )
  const made = await command('agency', 'create', 'Kept', '--admin', 'first@kept.example')
  const companyId = /companyId +(\S+)/.exec(made.err)?.[1] as string
  const there = ['--company-id', companyId]
  const done = async (...words: string[]) => {
    const { code, out, err } = await command(...words)
    assert.equal(code, 0, err)
    return out
  }
  await done('admin', 'create', 'second@kept.example', '--role', 'viewer', ...there)
  await done('admin', 'password', 'second@kept.example')
  await done('admin', 'role', 'second@kept.example', '--role', 'operator')
  await done('admin', 'remove', 'second@kept.example')
  assert.equal((await command('admin', 'remove', 'first@kept.example')).code, 1, 'the last owner')
  await done('token', 'create', '--name', 'Second', ...there)
  const id = /^(\S+) +Second/m.exec(await done('token', 'list', ...there))?.[1] as string
  await done('token', 'rotate', id)
  await done('token', 'revoke', id)
  const redirect = ['--redirect-uri', 'https://a.example/cb', '--scopes', 'forms.readonly']
  const { appId } = JSON.parse(await done('app', 'create', 'An app', ...there, ...redirect))
  await done('app', 'secret', appId)
  await done('app', 'uninstall', appId, ...there)
  await done('app', 'delete', appId)
  await done('agency', 'rename', companyId, 'Renamed')
  const { body } = await server.client(made.out).get(`/people/events?companyId=${companyId}`)
  const told = body.events.map(({ event }: { event: string }) => event).toReversed()
  assert.deepEqual(told, [
    'agencies.create',
    'people.create',
    'people.password',
    'people.update',
    'people.remove',
    'tokens.create',
    'tokens.rotate',
    'tokens.revoke',
    'apps.create',
    'apps.renewSecret',
    'apps.uninstall',
    'apps.delete',
    'agencies.rename',
  ])
  for (const { who, address } of body.events) assert.match(`${who} ${address}`, /^command line \(.+\) .+/)
  assert.match(body.events.at(-2).detail, /^email second@kept.example, role viewer, personId /)
})
