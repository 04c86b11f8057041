import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { HighLevel } from '@gohighlevel/api-client'
import type { TSchema } from 'typebox'
import { type Dedupe, type DedupeKey, dedupeKeys } from '../../src/operations/catalogue/dedupe.ts'
import { registry } from '../../src/operations/index.ts'
import { lineShape } from '../../src/operations/registry.ts'
import { faultsOf } from '../../src/store/validate.ts'
import { OFFICIAL, type OfficialEntry, officialFaults } from '../support/official.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
before(async () => {
  server = await startTestServer({ work: false })
})
after(() => server?.[Symbol.asyncDispose]())

const lineOf = ({ method, path }: OfficialEntry) => `${method} ${path}`
const operationOf = ({ method, path }: OfficialEntry) =>
  registry.all.find(({ http }) => lineShape(http) === lineShape(`${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`))

/** A request that the official client made of a call, in place of sending it. */
async function requestOf({ sdk, path }: OfficialEntry): Promise<string> {
  const client = new HighLevel({ privateIntegrationToken: 'pit-none', logLevel: 'none' as never })
  let sent = ''
  client.getHttpClient().defaults.adapter = async (config) => {
    sent = `${config.method?.toUpperCase()} ${config.url}`
    return { data: {}, status: 200, statusText: 'OK', headers: {}, config }
  }
  const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
  const parameters = Object.fromEntries(
    [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [camel(name as string), `{${name}}`]),
  )
  const [group, method] = sdk.split('.') as [string, string]
  const calls = (client as unknown as Record<string, Record<string, (...input: unknown[]) => Promise<unknown>>>)[group]
  assert.ok(calls?.[method], `the official client has no ${sdk}`)
  await calls[method](parameters, {})
  return decodeURIComponent(sent)
}

test('the catalogue has 55 triggers and 69 actions', () => {
  const count = (kind: string) => OFFICIAL.filter((entry) => entry.kind === kind).length
  assert.deepEqual([count('trigger'), count('action')], [55, 69])
})

for (const entry of OFFICIAL) {
  const { kind, title } = entry
  test(`${entry.category}, ${kind} "${title}": ${lineOf(entry)}`, async () => {
    const operation = operationOf(entry)
    assert.ok(operation, 'no operation serves it')
    assert.equal(operation.status, entry.status)
    if (entry.scopes.length > 0) {
      const scopes = [operation.scope].flat()
      assert.ok(
        entry.scopes.some((scope) => scopes.includes(scope)),
        `${entry.scopes} does not open it: ${scopes}`,
      )
    }
    const levels = operation.token === 'either' ? ['agency', 'location'] : [operation.token]
    for (const type of entry.tokenTypes)
      assert.ok(levels.includes(type === 'Agency-Access' ? 'agency' : 'location'), `${type} is refused`)
    assert.equal(
      (await requestOf(entry)).replace(/\/$/, ''),
      lineOf(entry).replace(/\/$/, ''),
      `${entry.sdk} asks for something else`,
    )
  })
}

test('GET /catalog tells all of it, in the words of the catalogue', async () => {
  const { status, body } = await server.client().raw('GET', '/catalog')
  assert.equal(status, 200)
  const words = ({ category, kind, title, description }: OfficialEntry) => ({ category, kind, title, description })
  assert.deepEqual(body.entries.map(words), OFFICIAL.map(words))
  assert.equal(body.total, body.entries.length)
  const count = (kind: string) => body.entries.filter((entry: Told) => entry.kind === kind).length
  assert.deepEqual([count('trigger'), count('action')], [55, 69])
  for (const { operation } of body.entries) {
    const { http, input } = registry.get(operation.name)
    assert.equal(`${operation.method} ${operation.path}`, http)
    assert.deepEqual(operation.input, JSON.parse(JSON.stringify(input)))
    const { path, query, body: names } = operation.parameters
    assert.deepEqual([...path, ...query, ...names].toSorted(), Object.keys(input.properties).toSorted())
  }
})

interface Told extends OfficialEntry {
  key: string
  operation: { name: string }
  also: { when: string; operation: string }[]
  dedupe: Dedupe & { keys: DedupeKey[] }
  sample: object
  sampleInput: Record<string, unknown> | null
}

let asked: Promise<Told[]> | undefined
/** The whole catalogue, asked for once. */
const told = (): Promise<Told[]> =>
  (asked ??= server
    .client()
    .raw('GET', '/catalog')
    .then(({ body }) => body.entries))

test('each entry has a key of its own, also the two that share a line', async () => {
  const entries = await told()
  assert.equal(new Set(entries.map(({ key }) => key)).size, entries.length)
  for (const { key } of entries) assert.match(key, /^[a-z]+(_[a-z0-9]+)*$/)
  const shared = entries.filter(({ operation }) => operation.name === 'contacts.findDuplicate')
  assert.deepEqual(
    shared.map(({ key, kind, dedupe }) => [key, kind, dedupe !== null]),
    [
      ['get_duplicate_contact', 'trigger', true],
      ['find_contact', 'action', false],
    ],
  )
  assert.deepEqual(
    shared[1]?.also.map(({ operation }) => operation),
    ['contacts.get', 'contacts.search'],
    'the line of "Find Contact" knows e-mail and phone only',
  )
})

interface Schema {
  type?: string
  properties?: Record<string, object>
  additionalProperties?: unknown
  allOf?: Schema[]
}

/** The schema without room for properties that it does not name, save where it says that there is. */
const closed = (schema: object) =>
  JSON.parse(JSON.stringify(schema), (_name, value: Schema | null) => {
    if (value?.allOf !== undefined)
      return { ...value.allOf[0], properties: Object.assign({}, ...value.allOf.map(({ properties }) => properties)) }
    const isOpen =
      value?.type !== 'object' ||
      value.additionalProperties !== undefined ||
      Object.keys(value.properties ?? {}).length === 0
    return isOpen ? value : { ...value, additionalProperties: false }
  }) as TSchema

for (const [index, entry] of OFFICIAL.entries()) {
  if (entry.kind === 'action') continue
  test(`"${entry.title}" has a sample that is an answer, and a key that tells its items apart`, async () => {
    const { operation, dedupe, sample, sampleInput } = (await told())[index] as Told
    const { input, output } = registry.get(operation.name)
    if (output !== 'stream') assert.deepEqual(faultsOf(closed(output), sample), [])
    assert.deepEqual(officialFaults(entry, sample), [])
    for (const name of dedupe.request)
      assert.ok(sampleInput !== null && name in sampleInput, `${name} of the request is not in the sample`)
    if (sampleInput !== null)
      assert.deepEqual(
        faultsOf(input, { locationId: 'here', ...sampleInput }).filter((fault) => !fault.includes('locationId')),
        [],
      )
    assert.ok(dedupe.keys.length > 0, 'no item')
    assert.equal(new Set(dedupe.keys.map(({ id }) => id)).size, dedupe.keys.length, 'two items have one key')
    for (const { id, version } of dedupe.keys)
      for (const part of [...id.split('/'), ...version.split('/')]) assert.notEqual(part, '', `${id} ${version}`)
    assert.deepEqual(dedupe.keys, dedupeKeys(dedupe, sampleInput ?? {}, sample))
  })
}

test('a changed item keeps its id and gets another version', async () => {
  for (const { title, dedupe, sample, sampleInput } of await told()) {
    if (dedupe === null) continue
    const field = dedupe.version[0] ?? 'name'
    const changed = JSON.parse(JSON.stringify(sample), (name, value) =>
      name === field ? `${value} or not` : value,
    ) as unknown
    if (JSON.stringify(changed) === JSON.stringify(sample)) continue
    const keys = dedupeKeys(dedupe, sampleInput ?? {}, changed)
    const ids = (list: DedupeKey[]) => list.map(({ id }) => id)
    assert.deepEqual(ids(keys), ids(dedupe.keys), title)
    assert.notDeepEqual(keys, dedupe.keys, title)
  }
})

test('an answer without items has no keys', () => {
  assert.deepEqual(dedupeKeys({ items: 'contact', id: ['id'], version: [], request: [] }, {}, { contact: null }), [])
  assert.deepEqual(dedupeKeys({ items: '*.slots[]', id: ['.'], version: [], request: [] }, {}, {}), [])
})

test('OpenAPI shows the samples as examples', async () => {
  const { body } = await server.client().raw('GET', '/openapi.json')
  const example = body.paths['/contacts/{contactId}'].get.responses['200'].content['application/json'].example
  assert.deepEqual(example, (await told()).find(({ key }) => key === 'get_contact')?.sample)
})

test('GET /catalog can be asked for one category or kind', async () => {
  const ask = async (query: string) =>
    (await server.client().raw('GET', `/catalog?${query}`)).body.entries.map(({ title }: { title: string }) => title)
  assert.deepEqual(await ask('category=Businesses&kind=trigger'), ['Get Business', 'List Businesses by Location'])
  assert.equal((await server.client().raw('GET', '/catalog?category=Nonsense')).status, 422)
})
