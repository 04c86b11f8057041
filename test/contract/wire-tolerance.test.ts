import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { registry } from '../../src/operations/index.ts'
import { placementOf } from '../../src/operations/registry.ts'
import { VERSIONS } from '../../src/surfaces/request-heads.ts'
import type { Input } from '../support/catalogue-inputs.ts'
import { type CatalogueWorld, startCatalogueWorld } from '../support/catalogue-world.ts'
import type { Client } from '../support/client.ts'
import { OFFICIAL, type OfficialEntry } from '../support/official.ts'
import { createAgency } from '../support/tenants.ts'

let world: CatalogueWorld
before(async () => {
  world = await startCatalogueWorld()
})
after(() => world?.[Symbol.asyncDispose]())

const lineOf = ({ method, path }: OfficialEntry) => `${method} ${path}`
const reads = OFFICIAL.filter(
  (entry, index) => entry.method === 'GET' && OFFICIAL.findIndex((one) => lineOf(one) === lineOf(entry)) === index,
)
const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

interface Asked {
  client: Client
  path: string
  query: Input
}

/** Who asks for a line, its path and its query. */
function asking(entry: OfficialEntry): Asked {
  const { agency, location, server, ids, inputs } = world
  const input: Input = { ...inputs[lineOf(entry)]?.() }
  const inPath = [...entry.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => camel(name as string))
  const path = entry.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(input[camel(name)] ?? ids[camel(name)])),
  )
  const forAgency = entry.tokenTypes.length > 0 && entry.tokenTypes.every((type) => type === 'Agency-Access')
  const query = Object.fromEntries(Object.entries(input).filter(([name]) => !inPath.includes(name)))
  return { client: server.client(forAgency ? agency.token : location.token), path, query }
}

const WIRE = { version: '2021-07-28' }

async function answer({ client, path, query }: Asked, headers: Record<string, string> = WIRE) {
  const text = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)])).toString()
  const { status, body } = await client.raw('GET', text === '' ? path : `${path}?${text}`, { headers })
  return { status, body: typeof body === 'object' ? { ...body, traceId: undefined } : body }
}

/**
 * wire/highlevel/*.json: what is listed there with a token, but without the header. Contract, "Synchronisation endpoints
 * of the connection guide": a token, and no more.
 */
const VERSIONLESS = [
  'DELETE /conversations/messages/email/:emailMessageId/schedule',
  'GET /conversations/messages/email/:id',
  'GET /funnels/funnel/list',
  'GET /funnels/page',
  'GET /funnels/page/count',
  'GET /locations/',
  'POST /customers',
  'POST /invoices',
]

test('what is documented without a version is served without one, and all else is not', async () => {
  const { client } = world
  // What people alone may call is ours, and has no versions.
  for (const operation of registry.all.filter(({ token }) => token !== 'none' && token !== 'person')) {
    const { method, path } = placementOf(operation)
    const { body } = await client.raw(method, path.replace(/:\w+/g, 'unknown'), { headers: {} })
    const isServed = body?.message !== 'version header was not found.'
    const isTheirs = operation.wire === 'hubspot'
    assert.equal(isServed, isTheirs || VERSIONLESS.includes(`${method} ${path}`), `${method} ${path}`)
    if (!isServed || isTheirs) continue
    const wrong = await client.raw(method, path.replace(/:\w+/g, 'unknown'), { headers: { version: '1999-01-01' } })
    assert.equal(wrong.body.message, 'version header is invalid')
  }
  const { body } = await client.raw('GET', `/funnels/funnel/list?locationId=${world.location.id}`, { headers: {} })
  assert.deepEqual(body.funnels, [])
  const email = await client.raw('GET', `/conversations/messages/email/${world.ids.email}`, { headers: {} })
  assert.equal(email.body.subject, 'Hello')
})

test('every line is served with a slash at the end and without', async () => {
  for (const operation of registry.all.filter(({ token }) => token !== 'none')) {
    const { method, path } = placementOf(operation)
    const bare = path.replace(/:\w+/g, 'unknown').replace(/\/$/, '')
    for (const spelled of [bare, `${bare}/`]) {
      const { status, body } = await world.server.client().raw(method, spelled, { headers: WIRE })
      assert.deepEqual([status, body.message], [401, 'Invalid token: access token is missing'], `${method} ${spelled}`)
    }
  }
})

for (const entry of reads) {
  test(`${lineOf(entry)} answers alike with a slash and without, and for every version`, async () => {
    const asked = asking(entry)
    const expected = await answer(asked)
    assert.equal(expected.status, 200, JSON.stringify(expected.body))
    const bare = asked.path.replace(/\/$/, '')
    for (const path of [bare, `${bare}/`]) assert.deepEqual(await answer({ ...asked, path }), expected, path)
    for (const version of VERSIONS) assert.deepEqual(await answer(asked, { version }), expected, version)
  })
}

test('the versions are those of the wire', () => {
  assert.deepEqual([...VERSIONS].toSorted(), ['2021-04-15', '2021-07-28', '2023-02-21', 'legacy', 'v3'])
})

const OTHER_SPELLINGS: Record<string, string> = {
  locationId: 'location_id',
  location_id: 'locationId',
  companyId: 'company_id',
}

for (const entry of reads) {
  const operation = registry.all.find(
    ({ http }) => http.replace(/:\w+/g, ':') === lineOf(entry).replace(/\{\w+\}/g, ':'),
  )
  assert.ok(operation, lineOf(entry))
  for (const name of placementOf(operation).queryNames.filter((one) => one in OTHER_SPELLINGS)) {
    const other = OTHER_SPELLINGS[name] as string
    test(`${lineOf(entry)} takes ${other} for ${name}`, async () => {
      const asked = asking(entry)
      const { locationId, location_id, companyId, ...rest } = asked.query
      const mine = name === 'companyId' ? world.agency.companyId : world.location.id
      const more = name === 'companyId' ? {} : { ...(companyId === undefined ? {} : { companyId }) }
      const expected = await answer({ ...asked, query: { ...rest, ...more, [name]: mine } })
      assert.equal(expected.status, 200, JSON.stringify(expected.body))
      assert.deepEqual(await answer({ ...asked, query: { ...rest, ...more, [other]: mine } }), expected)
      assert.deepEqual(
        await answer({ ...asked, query: { ...rest, ...more, [name]: mine, [other]: mine } }),
        expected,
        'both',
      )
      const stranger = await createAgency(world.server.app)
      const foreign = name === 'companyId' ? stranger.companyId : (stranger.locations[0] as { id: string }).id
      assert.equal(
        (await answer({ ...asked, query: { ...rest, ...more, [other]: foreign } })).status,
        403,
        'somebody else is found by no spelling',
      )
      const { status } = await answer({ ...asked, query: { ...rest, ...more, [name]: mine, [other]: foreign } })
      assert.ok([403, 422].includes(status), `two that differ: ${status}`)
    })
  }
}

const FROM = '2026-01-01T00:00:00.000Z'
const TO = '2026-01-20T00:00:00.000Z'

/** Query parameters that are moments, by line; a place in a list is one too. */
const MOMENTS: Record<string, () => Input> = {
  '/calendars/events': () => ({ calendarId: world.ids.calendarId, startTime: FROM, endTime: TO }),
  '/calendars/blocked-slots': () => ({ calendarId: world.ids.calendarId, startTime: FROM, endTime: TO }),
  '/calendars/CALENDAR/free-slots': () => ({ startDate: FROM, endDate: TO }),
  '/contacts/': () => ({ startAfter: TO, startAfterId: world.ids.contactId }),
  '/opportunities/search': () => ({ date: FROM, endDate: TO }),
  '/conversations/search': () => ({ startDate: FROM, endDate: TO }),
  '/conversations/messages/export': () => ({ startDate: FROM, endDate: TO }),
}

for (const [line, make] of Object.entries(MOMENTS)) {
  test(`GET ${line} takes moments in ISO 8601, with an offset, and in milliseconds`, async () => {
    const { client, location, ids } = world
    const path = line.replace('CALENDAR', ids.calendarId as string)
    const spell = (change: (iso: string) => string) =>
      Object.fromEntries(
        Object.entries(make()).map(([name, value]) => [name, value === FROM || value === TO ? change(value) : value]),
      )
    const ask = (query: Input) => answer({ client, path, query: { locationId: location.id, ...query } })
    const expected = await ask(spell((iso) => iso))
    assert.equal(expected.status, 200, JSON.stringify(expected.body))
    assert.deepEqual(await ask(spell((iso) => String(Date.parse(iso)))), expected, 'milliseconds')
    assert.deepEqual(await ask(spell((iso) => iso.replace('T00:00:00.000Z', 'T01:00:00+01:00'))), expected, 'an offset')
    const refused = await ask(spell(() => 'yesterday'))
    assert.ok([400, 422].includes(refused.status), JSON.stringify(refused.body))
  })
}

test('appointments and blocked slots are booked in ISO 8601 and in milliseconds', async () => {
  const { client, location, ids } = world
  const body = {
    locationId: location.id,
    calendarId: ids.calendarId,
    contactId: ids.contactId,
    ignoreFreeSlotValidation: true,
  }
  const [startTime, endTime] = ['2027-01-05T12:00:00.000Z', '2027-01-05T12:30:00.000Z']
  for (const spell of [(iso: string) => iso, (iso: string) => String(Date.parse(iso))]) {
    const booked = await client.post('/calendars/events/appointments', {
      ...body,
      startTime: spell(startTime),
      endTime: spell(endTime),
    })
    assert.equal(booked.status, 200, JSON.stringify(booked.body))
    assert.deepEqual(
      [Date.parse(booked.body.startTime), Date.parse(booked.body.endTime)],
      [Date.parse(startTime), Date.parse(endTime)],
    )
    const { contactId, ignoreFreeSlotValidation, ...slot } = body
    const blocked = await client.post('/calendars/events/block-slots', {
      ...slot,
      startTime: spell(startTime),
      endTime: spell(endTime),
    })
    assert.equal(blocked.status, 201, JSON.stringify(blocked.body))
  }
})

test('the snapshot status takes its period in every way that clients write', async () => {
  const { agency, ids, server } = world
  const client = server.client(agency.token)
  const ask = (from: string, to: string) =>
    answer({
      client,
      path: `/snapshots/snapshot-status/${ids.snapshotId}`,
      query: { companyId: agency.companyId, from, to, limit: '20' },
    })
  const expected = await ask(FROM, TO)
  assert.equal(expected.status, 200, JSON.stringify(expected.body))
  for (const [from, to] of [
    [String(Date.parse(FROM)), String(Date.parse(TO))],
    ['2026-01-01', '2026-01-20'],
    ['01-01-2026 12:00 AM', '01-20-2026 12:00 AM'],
  ] as const)
    assert.deepEqual(await ask(from, to), expected, from)
})
