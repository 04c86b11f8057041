import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { query } from '../../src/db/pool.ts'
import type { Operation } from '../../src/operations/define.ts'
import { registry } from '../../src/operations/index.ts'
import { lineShape, placementOf } from '../../src/operations/registry.ts'
import { inputFor, send } from '../support/requests.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createWorld, levelsOf, type Tenant, tokenFor } from '../support/tenant-world.ts'

let server: TestServer
let mine: Tenant
before(async () => {
  server = await startTestServer({ work: false, rateLimit: 0 })
  mine = (await createWorld(server)).mine
})
after(() => server?.[Symbol.asyncDispose]())

type Shown = Record<string, unknown>

/** Whatever is shown by one operation and changed by another at the same address. */
const PAIRS = registry.all
  .filter(({ http, wire }) => wire === 'highlevel' && http.startsWith('PUT '))
  .flatMap((put) => {
    const get = registry.all.find(({ http }) => lineShape(http) === lineShape(put.http.replace('PUT ', 'GET ')))
    return get === undefined ? [] : [[get, put] as const]
  })

const ask = (operation: Operation, input: Shown) =>
  send(server.client(tokenFor(mine, operation, levelsOf(operation)[0])), operation, input)

/** The thing itself, which most answers wrap. */
function thingIn(body: Shown): Shown {
  const wrapped = Object.values(body).filter(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  )
  return 'id' in body || '_id' in body || wrapped.length !== 1 ? body : (wrapped[0] as Shown)
}

/** The world's are stored past the door, as nobody can send them: only what was made counts. */
const PAST_THE_DOOR = ['objects.update', 'pipelines.update']

/** Where the example of a schema is of another thing that is there. */
const MORE: Record<string, Shown> = {
  'objects.create': {
    key: 'custom_objects.barn',
    labels: { singular: 'Barn', plural: 'Barns' },
    primaryDisplayPropertyDetails: { key: 'custom_objects.barn.name', name: 'Name', dataType: 'TEXT' },
  },
}

/** How the thing of the world is asked for, and one that was made with as little as its kind allows. */
async function inputsOf(get: Operation, put: Operation): Promise<Shown[]> {
  const known = inputFor(get, mine)
  const create = registry.all.find(({ name }) => name === put.name.replace('.update', '.create'))
  const made = create === undefined ? null : await ask(create, { ...inputFor(create, mine), ...MORE[create.name] })
  const thing = made === null || made.status >= 300 ? {} : thingIn(made.body)
  const param = placementOf(get).pathNames.at(-1) as string
  const id = param === 'key' ? thing.key : (thing.id ?? thing._id)
  const own = id === undefined ? [] : [{ ...known, [param]: id }]
  return PAST_THE_DOOR.includes(put.name) ? own : [known, ...own]
}

/** What changes with every write. */
const MOVING = /^(traceId|dateUpdated|updatedAt|lastUpdatedBy|lastActionDate|version)$/
const settled = (thing: Shown) => Object.fromEntries(Object.entries(thing).filter(([name]) => !MOVING.test(name)))

/** Hashes of everything that is configured: a document that says the same says it in the same words. */
const configured = () =>
  query(
    server.app.platform.db,
    sql`select id, kind, hash from asset where location_id = ${mine.locationId} order by id`,
  )

for (const [get, put] of PAIRS)
  test(`${put.name} takes back what ${get.name} shows, and nothing is another for it`, async () => {
    let asked = 0
    for (const input of await inputsOf(get, put)) {
      const shown = await ask(get, input)
      // Of some kinds the world knows none by the name that is in the address.
      if (shown.status === 404) continue
      assert.equal(shown.status, 200, JSON.stringify(shown.body))
      const thing = thingIn(shown.body)
      // What is in the address is text: none is none.
      const inAddress = placementOf(put).queryNames
      const known = Object.entries(thing).filter(
        ([name, value]) => name in put.input.properties && !(value === null && inAddress.includes(name)),
      )
      const before = await configured()
      const reply = await ask(put, { ...Object.fromEntries(known), ...input })
      assert.ok(reply.status < 300, `${JSON.stringify(reply.body)} to ${JSON.stringify(known)}`)
      assert.deepEqual(settled(thingIn((await ask(get, input)).body)), settled(thing))
      assert.deepEqual(await configured(), before)
      asked++
    }
    assert.ok(asked > 0, 'nothing was shown')
  })

test('either spelling of the number of a slot is taken, and the one that was changed counts', async () => {
  const client = server.client(mine.locationToken)
  const made = await client.post('/calendars/', { locationId: mine.locationId, name: 'Talk', appointmentPerSlot: 2 })
  const { id, appoinmentPerSlot, appointmentPerSlot } = made.body.calendar
  assert.deepEqual([appoinmentPerSlot, appointmentPerSlot], [2, 2])
  const steps = [
    [{ appoinmentPerSlot: 2, appointmentPerSlot: 3 }, 3],
    [{ appoinmentPerSlot: 4, appointmentPerSlot: 3 }, 4],
    [{ appointmentPerSlot: 5 }, 5],
    [{ appoinmentPerSlot: 1 }, 1],
  ] as const
  for (const [sent, wanted] of steps) {
    const { calendar } = (await client.put(`/calendars/${id}`, sent)).body
    assert.deepEqual([calendar.appoinmentPerSlot, calendar.appointmentPerSlot], [wanted, wanted], JSON.stringify(sent))
  }
})

test('a field whose folder comes back empty stands in none, and an empty one is none from the start', async () => {
  const client = server.client(mine.locationToken)
  const path = `/locations/${mine.locationId}/customFields`
  const make = async (more: object) =>
    (await client.post(path, { name: `In ${JSON.stringify(more)}`, dataType: 'TEXT', ...more })).body.customField
  const folder = await make({ documentType: 'folder' })
  const inside = await make({ parentId: folder.id })
  assert.equal(inside.parentId, folder.id)
  assert.equal((await client.put(`${path}/${inside.id}`, { placeholder: 'x' })).body.customField.parentId, folder.id)
  assert.equal((await client.put(`${path}/${inside.id}`, { parentId: '' })).body.customField.parentId, '')
  assert.equal((await make({ parentId: '' })).parentId, '')
  assert.equal((await client.put(`${path}/${inside.id}`, { parentId: 'nowhere' })).status, 422)
})
