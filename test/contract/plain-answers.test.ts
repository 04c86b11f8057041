import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Type } from 'typebox'
import { misfitsOf } from '../../src/store/validate.ts'
import { run } from '../support/command.ts'
import { ownerUrlOf } from '../support/database.ts'
import { startTestServer, TEST_KEY, type TestServer } from '../support/server.ts'
import { createAgency, type TestAgency } from '../support/tenants.ts'

let server: TestServer
let agency: TestAgency
before(async () => {
  server = await startTestServer({ work: false })
  agency = await createAgency(server.app)
})
after(() => server?.[Symbol.asyncDispose]())

test('an address that is no address has an id to ask about, and is not sent back in full', async () => {
  for (const path of ['/snapshots/%ff', '/snapshots/%', `/snapshots/${'a'.repeat(5000)}`]) {
    const { status, headers, body } = await server.client(agency.token).get(path)
    assert.ok(status === 400 || status === 404 || status === 414, `${status}`)
    assert.match(headers.get('x-trace-id') ?? '', /^[0-9a-f-]{36}$/, path.slice(0, 30))
    assert.equal(body.traceId, headers.get('x-trace-id'))
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
    assert.ok(JSON.stringify(body).length < 1000, JSON.stringify(body).slice(0, 200))
    assert.doesNotMatch(JSON.stringify(body), /FST_/)
  }
})

test('a type that is not taken is named', async () => {
  const reply = await server
    .client(agency.locations[0]?.token)
    .raw('POST', '/contacts/', { headers: { version: '2021-07-28', 'content-type': 'text/csv' }, body: 'a,b' })
  assert.deepEqual([reply.status, reply.body.message], [415, 'Unsupported media type text/csv. Send application/json.'])
  const send = (headers: Record<string, string>) =>
    server
      .client(agency.locations[0]?.token)
      .raw('POST', '/contacts/', { headers: { version: '2021-07-28', ...headers }, body: '{}' })
  assert.deepEqual(
    [(await send({ 'content-type': '' })).body.message],
    ['Unsupported media type none. Send application/json.'],
  )
  const plain = await send({ 'content-type': 'text/plain' })
  assert.deepEqual(
    [plain.status, plain.body.message],
    [415, 'Unsupported media type text/plain. Send application/json.'],
  )
})

test('a body that is packed is told to be, and not taken for what it is not', async () => {
  const [location] = agency.locations
  const [version, encoding] = ['2021-07-28', 'gzip']
  for (const [path, type, token] of [
    ['/contacts/', 'application/json', location?.token],
    [`/snapshots/import-file?companyId=${agency.companyId}`, 'application/octet-stream', agency.token],
    ['/oauth/token', 'application/x-www-form-urlencoded', undefined],
  ] as const) {
    const reply = await server
      .client(token)
      .raw('POST', path, { headers: { version, 'content-type': type, 'content-encoding': encoding }, body: 'x' })
    assert.deepEqual(
      [reply.status, reply.body.message],
      [415, 'Bodies are not taken packed (gzip). Send the body as it is.'],
      path,
    )
    assert.equal(reply.headers.get('accept-encoding'), 'identity')
  }
  const headers = { version, 'content-type': 'application/json', 'content-encoding': 'identity' }
  const body = JSON.stringify({ locationId: location?.id, firstName: 'Plain' })
  assert.equal((await server.client(location?.token).raw('POST', '/contacts/', { headers, body })).status, 201)
})

test('an answer ends with the end of a line, so that a terminal goes on below it', async () => {
  const [location] = agency.locations
  const text = async (path: string) =>
    (
      await fetch(server.url + path, { headers: { authorization: `Bearer ${location?.token}`, version: '2021-07-28' } })
    ).text()
  for (const path of [
    `/locations/${location?.id}/tags`,
    '/contacts/unknown',
    '/health',
    '/nowhere',
    '/snapshots/%ff',
    '/openapi.json',
  ])
    assert.match(await text(path), /^\{.*\}\n$/s, path)
})

test('a version that is not there is named in the order of words', async () => {
  const client = server.client(agency.token)
  const made = await client.post(`/snapshots/?companyId=${agency.companyId}`, {
    name: 'One',
    locationId: agency.locations[0]?.id,
  })
  const { id } = made.body.snapshot
  for (const path of [`/snapshots/${id}?version=99`, `/snapshots/${id}/assets?version=99`]) {
    const { status, body } = await client.get(`${path}&companyId=${agency.companyId}`)
    assert.deepEqual([status, body.message], [404, `version 99 of snapshot ${id} was not found`])
  }
})

test('a time zone is kept as it is called, and an offset is none', async () => {
  const client = server.client(agency.token)
  const make = (timezone: string) => client.post('/locations/', { companyId: agency.companyId, name: 'Zone', timezone })
  for (const [said, kept] of [
    ['asia/kolkata', 'Asia/Kolkata'],
    ['Asia/Kolkata', 'Asia/Kolkata'],
    ['utc', 'UTC'],
  ] as const)
    assert.equal((await make(said)).body.timezone, kept)
  for (const wrong of ['+05:30', '-08', 'Mars/Base', ''])
    assert.deepEqual(
      [(await make(wrong)).status, (await make(wrong)).body.message],
      [422, [`timezone: ${wrong} is not an IANA time zone`]],
      wrong,
    )
})

test('what is too large in a form is told by its own limit', async () => {
  const [location] = agency.locations
  const send = async (fields: Record<string, string>) => {
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) form.set(name, value)
    const headers = { authorization: `Bearer ${location?.token}`, version: '2021-07-28' }
    const reply = await fetch(`${server.url}/locations/${location?.id}/customFields/upload`, {
      method: 'POST',
      headers,
      body: form,
    })
    return [reply.status, ((await reply.json()) as { message: unknown }).message]
  }
  const { bodyBytes } = server.app.platform.config
  assert.deepEqual(await send({ id: 'x'.repeat(bodyBytes + 1) }), [413, `The body is larger than ${bodyBytes} bytes.`])
  assert.deepEqual(await send(Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`field${index}`, 'x']))), [
    422,
    ['a form has at most 100 fields'],
  ])
})

test('a missing version is not called a wrong token: a client would only fetch another one', async () => {
  const [location] = agency.locations
  const reply = await server.client(location?.token).raw('GET', `/locations/${location?.id}/tags`)
  assert.deepEqual(
    [reply.status, reply.headers.get('www-authenticate')],
    [401, 'Bearer realm="tintype", error="invalid_request"'],
  )
})

test('a value that may be one thing or another is told once what it may be, or what is wrong with the one it is', async () => {
  const client = server.client(agency.token)
  const plan = async (body: object) =>
    (await client.post(`/snapshots/unknown/plan?companyId=${agency.companyId}`, { locationIds: ['x'], ...body })).body
      .message
  for (const [body, message] of [
    [{ locationIds: 5 }, 'locationIds must be an array or "all"'],
    [{ locationIds: [] }, 'locationIds must NOT have fewer than 1 items'],
    [{ locationIds: [1] }, 'locationIds[0] must be a string'],
    [{ locationIds: 'all', deletions: 'x' }, 'deletions must be a boolean value or "all"'],
  ] as const)
    assert.deepEqual(await plan(body), [message])
  const many = await client.post(`/snapshots/unknown/plan?companyId=${agency.companyId}`, {
    locationIds: Array(20_000).fill(1),
  })
  assert.deepEqual([many.status, many.body.message], [422, ['locationIds[0] must be a string']])

  const inner = Type.Union([
    Type.Object({ a: Type.Union([Type.String(), Type.Null()]), b: Type.Integer() }),
    Type.Enum(['x', 'y']),
  ])
  const faults = (value: unknown) =>
    misfitsOf(Type.Object({ one: inner, list: Type.Optional(Type.Array(inner)) }), value)
  assert.deepEqual(faults({ one: 'x', list: [{ a: null, b: 1 }] }), [])
  assert.deepEqual(faults({ one: 'z' }), ['one must be an object or one of the following values: x, y'])
  assert.deepEqual(faults({ one: { a: 1 }, list: [{ a: 2, b: 1 }, 3] }), [
    'one.b should not be empty',
    'one.a must be a string or null',
    'list[0].a must be a string or null',
    'list[1] must be an object or one of the following values: x, y',
  ])
  const began = performance.now()
  assert.ok(faults({ one: 'x', list: Array(1_600).fill({ a: 1, b: 1 }) }).length >= 50)
  assert.ok(performance.now() - began < 1_000, `${performance.now() - began} ms`)
})

test('a value of another pattern is told what is meant by it', async () => {
  const { status, body } = await server
    .client(agency.token)
    .post('/locations/', { companyId: agency.companyId, name: 'A', country: 'Germany' })
  assert.deepEqual(
    [status, body.message],
    [422, ['country must match pattern "^[A-Z]{2}$": two-letter country code, such as DE.']],
  )
})

test('a link leads to a page and runs nothing', async () => {
  const [location] = agency.locations
  const client = server.client(location?.token)
  const create = (redirectTo: string) =>
    client.post('/links/', { locationId: location?.id, name: 'Prices', redirectTo })
  for (const wrong of [
    'javascript:alert(1)',
    ' JavaScript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    '\u0001vbscript:x',
  ]) {
    const { status, body } = await create(wrong)
    assert.deepEqual([status, body.message], [422, ['redirectTo must be the address of a page']], JSON.stringify(wrong))
  }
  const made = await create('https://example.com/?q=javascript:x')
  assert.equal(made.status, 201)
  assert.equal((await create('{{custom_values.prices}}')).status, 201)
  assert.equal((await client.put(`/links/${made.body.link.id}`, { redirectTo: 'javascript:alert(1)' })).status, 422)
  assert.equal((await client.put(`/links/${made.body.link.id}`, { name: 'Others' })).status, 201)
})

test('a token cannot be made for scopes that there are not', async () => {
  const env = { DATABASE_URL: server.databaseUrl }
  const wrong = await run(
    env,
    'token',
    'create',
    '--company-id',
    agency.companyId,
    '--scopes',
    'foo.bar,forms.readonly,locations.red',
  )
  assert.equal(wrong.code, 2)
  assert.match(wrong.err, /there is no scope foo\.bar.*there is no scope locations\.red/s)
  assert.doesNotMatch(wrong.err, /forms\.readonly/)
  for (const scopes of ['forms.readonly, tokens.write', '*'])
    assert.equal((await run(env, 'token', 'create', '--company-id', agency.companyId, '--scopes', scopes)).code, 0)
})

test('a setting that cannot be is told by its name, without what it holds', async () => {
  const wrong = await run({ DATABASE_URL: 'mysql://me:hunter2@here/db' }, 'migrate')
  assert.equal(wrong.code, 2)
  assert.match(wrong.err, /DATABASE_URL=…: must be a URL as in postgres:\/\//)
  assert.doesNotMatch(wrong.err, /hunter2/)
})

test('a data folder that cannot be used is told with what to do', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tintype-plain-'))
  try {
    writeFileSync(join(folder, 'file'), '')
    const wrong = await run({}, 'migrate', '--data', join(folder, 'file', 'data'))
    assert.equal(wrong.code, 3)
    assert.match(wrong.err, /The data folder .*file.data cannot be made.*--data FOLDER/)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('doctor says where the server of this folder runs, and as whom it works', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tintype-plain-'))
  try {
    const { companyId, token } = agency
    writeFileSync(
      join(folder, 'demo.json'),
      JSON.stringify({ baseUrl: server.url, companyId, agencyToken: token, locations: [] }),
      { mode: 0o600 },
    )
    const env = { TINTYPE_DATA: folder, TINTYPE_SECRET_KEY: TEST_KEY }
    const fine = await run({ ...env, DATABASE_URL: server.databaseUrl }, 'doctor')
    assert.match(fine.out, new RegExp(`✓ Tintype answers at ${server.url}`))
    assert.match(fine.out, /✓ \S+_runtime may do what is needed, and no more/)
    assert.match(fine.out, /✓ The secrets in the database open/)
    const bad = await run(
      {
        ...env,
        DATABASE_URL: ownerUrlOf(server.databaseUrl),
        TINTYPE_SECRET_KEY: Buffer.alloc(32, 1).toString('base64url'),
      },
      'doctor',
    )
    assert.match(bad.out, /✗ \S+ is a superuser, \S+ may make roles.*\n {4}.*TINTYPE_OWNER_URL/)
    assert.match(bad.out, /✗ The secrets in this database are sealed with key/)
    writeFileSync(join(folder, 'secret.key'), `${TEST_KEY}\n`, { mode: 0o644 })
    const open = await run({ TINTYPE_DATA: folder, DATABASE_URL: server.databaseUrl }, 'doctor')
    assert.match(open.out, /✗ \S+secret\.key can be read by others.*\n {4}Run: chmod 600/)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
