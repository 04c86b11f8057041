import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { HighLevel } from '@gohighlevel/api-client'
import { registry } from '../../src/operations/index.ts'
import { lineShape } from '../../src/operations/registry.ts'
import { OFFICIAL, type OfficialEntry } from '../support/official.ts'
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
  const parameters = Object.fromEntries([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [camel(name as string), `{${name}}`]))
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
    for (const type of entry.tokenTypes) assert.ok(levels.includes(type === 'Agency-Access' ? 'agency' : 'location'), `${type} is refused`)
    assert.equal((await requestOf(entry)).replace(/\/$/, ''), lineOf(entry).replace(/\/$/, ''), `${entry.sdk} asks for something else`)
  })
}

test('GET /catalog tells all of it, in the words of the catalogue', async () => {
  const { status, body } = await server.client().raw('GET', '/catalog')
  assert.equal(status, 200)
  const words = ({ category, kind, title, description }: OfficialEntry) => ({ category, kind, title, description })
  assert.deepEqual(body.entries.map(words), OFFICIAL.map(words))
  assert.equal(body.total, body.entries.length)
  for (const { operation } of body.entries) {
    const { http, input } = registry.get(operation.name)
    assert.equal(`${operation.method} ${operation.path}`, http)
    assert.deepEqual(operation.input, JSON.parse(JSON.stringify(input)))
    const { path, query, body: names } = operation.parameters
    assert.deepEqual([...path, ...query, ...names].toSorted(), Object.keys(input.properties).toSorted())
  }
})

test('GET /catalog can be asked for one category or kind', async () => {
  const ask = async (query: string) => (await server.client().raw('GET', `/catalog?${query}`)).body.entries.map(({ title }: { title: string }) => title)
  assert.deepEqual(await ask('category=Businesses&kind=trigger'), ['Get Business', 'List Businesses by Location'])
  assert.equal((await server.client().raw('GET', '/catalog?category=Nonsense')).status, 422)
})
