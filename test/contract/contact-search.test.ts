import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import type { Client } from '../support/client.ts'
import { type Filter, isFound, matches, type PlainContact, type Sort, sorted } from '../support/contact-search.ts'
import { insertContacts, randomFrom } from '../support/many-contacts.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestLocation } from '../support/tenants.ts'

/** Several pages of the largest size, also of those with one tag, over four days. */
const SIZE = 4_000
const PAGE = 20
const START = Date.UTC(2026, 0, 1)

let server: TestServer
let location: TestLocation
let client: Client
let all: PlainContact[]

before(async () => {
  server = await startTestServer({ work: false, alone: true })
  const agency = await createAgency(server.app, { locations: 2 })
  location = agency.locations[0] as TestLocation
  client = server.client(location.token)
  all = await insert(location.id, SIZE, START)
  await insert((agency.locations[1] as TestLocation).id, 500, START)
  await sql`analyze record_contacts`.execute(server.owner())
})
after(() => server?.[Symbol.asyncDispose]())

const insert = (locationId: string, size: number, startMs: number) =>
  insertContacts(server.app.platform.db, { locationId, size, startMs })

async function search(body: object, status = 200) {
  const reply = await client.post('/contacts/search', { locationId: location.id, pageLimit: PAGE, ...body })
  assert.equal(reply.status, status, JSON.stringify(reply.body).slice(0, 1000))
  return reply.body
}

const idsOf = (list: { id: string }[]) => list.map(({ id }) => id)

async function assertSame(filters: Filter[], sort: Sort[] = []) {
  const what = JSON.stringify(filters)
  const expected = sorted(
    all.filter((contact) => matches(contact, { group: 'AND', filters })),
    sort,
  )
  const { contacts: found, total } = await search({ filters, sort })
  assert.equal(total, expected.length, what)
  assert.deepEqual(idsOf(found), idsOf(expected.slice(0, PAGE)), what)
  return expected.length
}

const VALUES: Record<string, unknown[]> = {
  firstName: ['ANN', 'x'],
  lastNameLowerCase: ["o'neill", 'de la cruz'],
  name: ['Ann Smith', 'eve'],
  email: ['ann.0@post.example', 'BEN', 'mail.example'],
  phone: ['+12025550012', '2025'],
  companyName: ['acme ltd', '&'],
  city: ['HUDSON', '%', '_', 'B'],
  type: ['Lead', 'cust'],
  source: ['FAIR', 'sea'],
  assignedTo: ['userOne', 'user'],
  tags: ['VIP', 'fair 2026', "it's", 'l'],
  followers: ['userOne', 'nobody'],
  dnd: [true, false, 'tru'],
  'customFields.budget': [7, '7', 'plenty'],
  'customFields.likes': ['red', 'blu'],
  'customFields.unknown': ['x'],
}

for (const [field, values] of Object.entries(VALUES)) {
  test(`${field}: eq, not_eq, contains, not_contains, exists, not_exists`, async () => {
    // Each value alone, and all of them as a list: any one of them will do.
    for (const value of [...values, values])
      for (const operator of ['eq', 'not_eq', 'contains', 'not_contains'])
        await assertSame([{ field, operator, value }])
    const present = await assertSame([{ field, operator: 'exists' }])
    assert.equal(await assertSame([{ field, operator: 'not_exists' }]), SIZE - present)
  })
}

test('ranges of moments, numbers and texts', async () => {
  const day = 86_400_000
  const ranges: [string, object][] = [
    ['dateAdded', { gte: new Date(START + day).toISOString(), lt: START + 2 * day }],
    ['dateAdded', { gt: START + 3 * day }],
    ['dateOfBirth', { gt: '1960-01-01', lte: '1970-05-15T00:00:00Z' }],
    ['customFields.budget', { gte: 100, lt: 300.5 }],
    ['customFields.budget', { gte: 'a' }],
    ['firstName', { gte: 'ben', lt: 'd' }],
  ]
  for (const [field, value] of ranges) assert.ok((await assertSame([{ field, operator: 'range', value }])) > 0, field)
  await assertSame([{ field: 'dateAdded', operator: 'eq', value: '2026-01-02' }])
  await assertSame([{ field: 'dateOfBirth', operator: 'not_eq', value: '1960-01-10' }])
  await assertSame([{ field: 'dateAdded', operator: 'eq', value: all[0]?.createdMs }])
})

test('groups of AND and OR, nested', async () => {
  const vip: Filter = { field: 'tags', operator: 'eq', value: 'vip' }
  const ann: Filter = { field: 'firstName', operator: 'eq', value: 'ann' }
  const budget: Filter = { field: 'customFields.budget', operator: 'range', value: { gt: 500 } }
  const homeless: Filter = { field: 'city', operator: 'not_exists' }
  await assertSame([vip, ann])
  await assertSame([{ group: 'OR', filters: [vip, ann] }])
  await assertSame([
    {
      group: 'OR',
      filters: [
        { group: 'AND', filters: [vip, { group: 'OR', filters: [budget, homeless] }] },
        { group: 'AND', filters: [ann, homeless] },
      ],
    },
  ])
  await assertSame([{ group: 'AND', filters: [] }, vip])
  const seeded = randomFrom(7)
  const leaf = (): Filter =>
    seeded.one([
      vip,
      ann,
      budget,
      homeless,
      { field: 'source', operator: 'not_contains', value: 'air' },
      { field: 'phone', operator: 'exists' },
    ])
  const tree = (depth: number): Filter =>
    depth === 0 || seeded.below(3) === 0
      ? leaf()
      : {
          group: seeded.one(['AND', 'OR'] as const),
          filters: Array.from({ length: 1 + seeded.below(3) }, () => tree(depth - 1)),
        }
  for (let index = 0; index < 25; index++) await assertSame([tree(4)])
})

test('a text finds words by their beginnings', async () => {
  for (const query of ['ann', 'SMI an', 'acme', 'post.example', 'ben.1', 'nowhere', "o'neill", '!']) {
    const expected = sorted(
      all.filter((contact) => isFound(contact, query)),
      [],
    )
    const { contacts: found, total } = await search({ query })
    assert.equal(total, expected.length, query)
    assert.deepEqual(idsOf(found), idsOf(expected.slice(0, PAGE)), query)
  }
  assert.equal(
    (await search({ query: '(202) 555-0012' })).total,
    all.filter(({ fields }) => String(fields.phone).startsWith('+12025550012')).length,
  )
})

const SORTS: Sort[][] = [
  [],
  [{ field: 'dateAdded', direction: 'asc' }],
  [{ field: 'firstNameLowerCase', direction: 'asc' }],
  [
    { field: 'lastNameLowerCase', direction: 'desc' },
    { field: 'dateAdded', direction: 'desc' },
  ],
  [
    { field: 'city', direction: 'asc' },
    { field: 'email', direction: 'desc' },
  ],
  [{ field: 'dateOfBirth', direction: 'desc' }],
]

for (const sort of SORTS) {
  test(`sorted by ${sort.map(({ field, direction }) => `${field} ${direction}`).join(', ') || 'nothing'}: pages and cursor see each contact once`, async () => {
    const filters: Filter[] = [{ field: 'tags', operator: 'eq', value: 'vip' }]
    const expected = idsOf(
      sorted(
        all.filter((contact) => matches(contact, filters[0] as Filter)),
        sort,
      ),
    )
    const paged: string[] = []
    for (let page = 1; paged.length < expected.length; page++)
      paged.push(...idsOf((await search({ filters, sort, page, pageLimit: 500 })).contacts))
    assert.deepEqual(paged, expected)
    const walked: string[] = []
    for (let searchAfter: unknown[] | undefined; ; ) {
      const { contacts: found, total } = await search({ filters, sort, searchAfter, pageLimit: 499 })
      assert.equal(total, expected.length)
      walked.push(...idsOf(found))
      searchAfter = found.at(-1)?.searchAfter
      if (found.length < 499) break
    }
    assert.deepEqual(walked, expected)
  })
}

test('a walk visits each contact exactly once while others are inserted', async () => {
  const known = new Set(idsOf(all))
  for (const sort of [
    [],
    [{ field: 'firstNameLowerCase', direction: 'asc' }],
    [{ field: 'dateAdded', direction: 'asc' }],
  ] as Sort[][]) {
    const seen: string[] = []
    for (let searchAfter: unknown[] | undefined, round = 0; ; round++) {
      const [{ contacts: found }] = await Promise.all([
        search({ sort, searchAfter, pageLimit: 500 }),
        round % 4 === 0 ? insert(location.id, 20, START + round * 3_600_000) : [],
      ])
      seen.push(...idsOf(found))
      searchAfter = found.at(-1)?.searchAfter
      if (found.length < 500) break
    }
    assert.equal(new Set(seen).size, seen.length, 'visited twice')
    assert.equal(seen.filter((id) => known.has(id)).length, SIZE)
  }
})

test('what cannot be understood is named, with its path', async () => {
  const { message } = await search(
    {
      filters: [
        { field: 'colour', operator: 'eq', value: 1 },
        { group: 'XOR', filters: [] },
        { group: 'OR', filters: [{ field: 'city', operator: 'like', value: 'x' }, 'text'] },
        { field: 'dateAdded', operator: 'range', value: { after: 1 } },
        { field: 'dateAdded', operator: 'eq', value: 'yesterday' },
        { field: 'city', operator: 'eq', value: {}, extra: 1 },
      ],
    },
    422,
  )
  assert.deepEqual(
    message.map((one: string) => /filters[\w.[\]]+/.exec(one)?.[0]),
    [
      'filters[0].field',
      'filters[1].group',
      'filters[2].filters[0].operator',
      'filters[2].filters[1]',
      'filters[3].value',
      'filters[4].value',
      'filters[5].extra',
      'filters[5].value',
    ],
  )
  await search({ searchAfter: ['x', 'y'] }, 400)
  await search({ pageLimit: 501 }, 422)
  await search({ sort: [{ field: 'colour' }] }, 422)
})
