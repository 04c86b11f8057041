import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { HighLevel } from '@gohighlevel/api-client'
import { CATALOG } from '../../src/operations/catalogue/categories.ts'
import { dedupeKeys } from '../../src/operations/catalogue/dedupe.ts'
import type { Input } from '../support/catalogue-inputs.ts'
import { type CatalogueWorld, startCatalogueWorld } from '../support/catalogue-world.ts'
import { inOrder, OFFICIAL, type OfficialEntry, officialFaults } from '../support/official.ts'

let world: CatalogueWorld
/** The status of the last answer that reached the official client. */
let status = 0

before(async () => {
  world = await startCatalogueWorld()
})
after(() => world?.[Symbol.asyncDispose]())

const lineOf = ({ method, path }: OfficialEntry) => `${method} ${path}`

/** As an application calls the official client: parameters of path and query as one object, then the body. */
function call(entry: OfficialEntry): Promise<unknown> {
  const { agency, location, server, inputs, ids } = world
  const forAgency = entry.tokenTypes.length > 0 && entry.tokenTypes.every((type) => type === 'Agency-Access')
  const sdk = new HighLevel({
    privateIntegrationToken: forAgency ? agency.token : location.token,
    logLevel: 'none' as never,
  })
  const http = sdk.getHttpClient()
  http.defaults.baseURL = server.url
  http.interceptors.response.use((response) => {
    status = response.status
    return response
  })
  const named = [...entry.path.matchAll(/\{(\w+)\}/g)].map(([, name]) =>
    (name as string).replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
  )
  const { '': list, ...input } = { ...inputs[lineOf(entry)]?.() }
  const inPath = Object.fromEntries(named.map((name) => [name, input[name] ?? ids[name]]))
  const rest = Object.fromEntries(Object.entries(input).filter(([name]) => !named.includes(name)))
  const [group, method] = entry.sdk.split('.') as [string, string]
  const calls = (sdk as unknown as Record<string, Record<string, (...parts: unknown[]) => Promise<unknown>>>)[group]!
  if (entry.method === 'GET') return calls[method]!({ ...inPath, ...rest })
  const parameters = { ...inPath, ...(entry.method === 'DELETE' ? rest : {}) }
  return named.length === 0 ? calls[method]!(rest) : calls[method]!(parameters, list ?? rest)
}

/** Lists at the top of an answer that hold nothing. */
const emptyLists = (answer: Input) =>
  Object.keys(answer).filter((name) => Array.isArray(answer[name]) && (answer[name] as unknown[]).length === 0)

/** The dedupe key of the catalogue finds the items of the answer. */
function assertKeys(entry: OfficialEntry, answer: unknown): void {
  const { dedupe } = Object.values(CATALOG)
    .flat()
    .find(({ kind, title }) => kind === entry.kind && title === entry.title)!
  const keys = dedupeKeys(dedupe!, { ...world.ids, ...world.inputs[lineOf(entry)]?.() }, answer)
  assert.ok(keys.length > 0, 'the dedupe key finds nothing')
  for (const { id } of keys) assert.ok(!id.split('/').includes(''), `a part of the key is missing: ${id}`)
}

for (const entry of inOrder(OFFICIAL, lineOf)) {
  test(`the official client: ${entry.title}, ${lineOf(entry)}`, async () => {
    status = 0
    const answer = (await call(entry)) as Input
    if (lineOf(entry) === 'POST /calendars/{calendarId}/notifications')
      world.ids.notificationId = String((answer as unknown as Input[])[0]?._id)
    assert.equal(status, entry.status)
    assert.deepEqual(officialFaults(entry, answer), [])
    if (entry.kind === 'trigger') assertKeys(entry, answer)
    if (entry.method === 'GET') assert.deepEqual(emptyLists(answer), [], 'the schema of its elements was not checked')
  })
}
