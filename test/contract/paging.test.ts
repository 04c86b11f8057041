import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { registry } from '../../src/operations/index.ts'
import type { Input } from '../support/catalogue-inputs.ts'
import { type CatalogueWorld, startCatalogueWorld } from '../support/catalogue-world.ts'
import type { Client } from '../support/client.ts'
import { countedLists } from '../support/counted-lists.ts'
import { exactLists } from '../support/exact-lists.ts'
import { moreCountedLists, moreExactLists } from '../support/more-lists.ts'
import { type Item, type List, PAGE } from '../support/paged-list.ts'

let world: CatalogueWorld
let agency: Client
before(async () => {
  world = await startCatalogueWorld()
  agency = world.server.client(world.agency.token)
})
after(() => world?.[Symbol.asyncDispose]())

const exact = { ...exactLists(() => world), ...moreExactLists(() => world) }
const counted = { ...countedLists(() => world), ...moreCountedLists(() => world) }
const idOf = (item: Item) => String(item.id ?? item._id)
const hereOnly = () => ({ locationId: world.location.id })
const MANY = 40
/** How many things were added so far. */
let added = 0

/**
 * Walks through a list of some pages, with one more added before each page but the first: ids in the order of their
 * coming.
 */
async function walk(list: List): Promise<{ first: string[]; seen: string[] }> {
  const pageSize = list.pageSize ?? PAGE
  const add = async () => {
    const { status, body } = await list.add(`thing${++added}`)
    assert.ok(status < 300, `${status} ${JSON.stringify(body)}`)
  }
  for (let made = 0; made < 2 * pageSize + 1; made++) await add()
  const client = list.byAgency ? agency : world.client
  const ask = async (more: Input, size: number) => {
    const sent = { ...(list.query?.() ?? hereOnly()), [list.sizeName ?? 'limit']: size, ...more }
    const query = new URLSearchParams(Object.entries(sent).map(([key, value]) => [key, String(value)]))
    const { status, body } =
      list.body === undefined
        ? await client.get(`${list.path()}?${query}`)
        : await client.post(list.path(), { ...list.body(), ...sent })
    assert.ok(status < 300, JSON.stringify(body))
    return body as Input
  }
  const first = list.items(await ask(list.next({ body: {}, items: [], seen: 0 }) ?? {}, 10 * pageSize)).map(idOf)
  const seen: string[] = []
  let more: Input | null = list.next({ body: {}, items: [], seen: 0 })
  for (let page = 0; more !== null && page < MANY; page++) {
    if (page > 0) await add()
    const body = await ask(more, pageSize)
    const items = list.items(body)
    seen.push(...items.map(idOf))
    more =
      items.length === 0 || first.every((id) => seen.includes(id))
        ? null
        : list.next({ body, items, seen: seen.length })
  }
  assert.ok(first.length > 2 * pageSize, `${first.length} at the start`)
  return { first, seen }
}

for (const [name, list] of Object.entries(exact)) {
  test(`${name}: a walk meets each exactly once while others are added`, async () => {
    const { first, seen } = await walk(list)
    const leftOut = first.filter((id) => !seen.includes(id))
    const twice = seen.filter((id, index) => seen.indexOf(id) !== index)
    assert.deepEqual({ leftOut, twice }, { leftOut: [], twice: [] })
  })
}

for (const [name, list] of Object.entries(counted)) {
  test(`${name}: a walk leaves none out while others are added, though some come twice`, async () => {
    const { first, seen } = await walk(list)
    assert.deepEqual(
      first.filter((id) => !seen.includes(id)),
      [],
    )
  })
}

/** Walked through in tests of their own, or not changed by others. */
const ELSEWHERE: Record<string, string> = {
  'contacts.search': 'contact-search.test.ts, by searchAfter',
  'conversations.search': 'conversations.test.ts',
  'snapshots.assetHistory': 'the same log as locations.assetHistory',
  'fleet.list': 'fleet.test.ts: by name or by what changes',
  'fleet.changes': 'fleet.test.ts',
  'access.events': 'security-events.test.ts: nothing twice, no gap, while others are added',
  'locations.assets': 'location-assets.test.ts: by name',
  'snapshots.drift': 'what drifted may come to stand elsewhere',
  'snapshots.plan': 'plan-page.test.ts and plan-pages.test.ts: nobody adds to a plan',
  'snapshots.preview': 'location-assets.test.ts: by lineage',
  'snapshots.conflicts': 'conflicts.test.ts',
  'snapshots.standing': 'operators.test.ts',
  'pushes.targets': 'a push enters all of its locations at once',
  'funnels.listPages': 'pages of one document',
  'emailCampaigns.listBulkActions': 'there are none',
  'users.filterByEmail': 'those who are named',
  'oauth.installedLocations': 'as locations.list',
  ...Object.fromEntries(
    ['journal', 'journalLocal'].flatMap((noun) =>
      ['next', 'batchNext', 'stream'].map((verb) => [
        `${noun}.${verb}`,
        'journal-order.test.ts: nothing twice, no gap',
      ]),
    ),
  ),
  'journalFiles.get': 'one file',
  'journals.subscriptions': 'journal-readers.test.ts: by creation',
  'journals.readers': 'journal-readers.test.ts: by what changes',
  'webhooks.deliveries': 'contract/webhooks.test.ts',
  'webhooks.listAll': 'webhook-operators.test.ts: by name',
  'connections.listAll': 'flows/connections-overview.test.ts: by what changes',
  'connections.runs': 'flows/connections-files.test.ts: nothing twice, no gap',
  'connections.rows': 'flows/connections-files.test.ts: nothing twice, no gap',
  'objectAssociations.list': 'hubspot-associations.test.ts: by number, whenever they were made',
}
const CURSORS = [
  'skip',
  'page',
  'offset',
  'startAfter',
  'startAfterDate',
  'lastMessageId',
  'lastDoc',
  'after',
  'before',
  'searchAfter',
  'cursor',
]

test('every list that comes in pages is walked through', () => {
  const walked = [...Object.keys(exact), ...Object.keys(counted)].map((name) => name.split(' ')[0])
  const paged = registry.all
    .filter(({ access, input }) => access === 'read' && CURSORS.some((name) => name in input.properties))
    .map(({ name }) => name)
  assert.deepEqual(
    paged.filter((name) => !walked.includes(name) && !(name in ELSEWHERE)),
    [],
  )
  assert.deepEqual(
    Object.keys(ELSEWHERE).filter((name) => !paged.includes(name)),
    [],
  )
})
