import assert from 'node:assert/strict'
import { get, type IncomingHttpHeaders } from 'node:http'
import { after, before, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { Validator } from '@seriousme/openapi-schema-validator'
import { type TSchema, Type } from 'typebox'
import { operation } from '../../src/operations/define.ts'
import { registry } from '../../src/operations/index.ts'
import { createRegistry } from '../../src/operations/registry.ts'
import { Noun } from '../../src/operations/schemas.ts'
import { toOpenApi } from '../../src/surfaces/openapi.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

interface Held {
  title?: string
  properties?: object
  items?: Held
}

let server: TestServer

before(async () => {
  server = await startTestServer()
})
after(() => server?.[Symbol.asyncDispose]())

test('the OpenAPI document is valid and names every operation', async () => {
  const { status, body } = await server.client().get('/openapi.json')
  assert.equal(status, 200)
  assert.equal(body.openapi, '3.1.0')
  const result = await new Validator().validate(body)
  assert.ok(result.valid, JSON.stringify('errors' in result ? result.errors : ''))
  const named = Object.values(body.paths as Record<string, Record<string, { operationId: string }>>).flatMap((path) =>
    Object.values(path).map((item) => item.operationId),
  )
  assert.deepEqual(named.sort(), registry.all.map((one) => one.name).sort())
})

test('what answers are about has a name, so that generated clients have a type for it', async () => {
  const { paths, components } = (await server.client().get('/openapi.json')).body
  const answerOf = (path: string, method: string, status = '200') =>
    paths[path][method].responses[status].content['application/json'].schema.properties
  const refOf = (name: string) => ({ $ref: `#/components/schemas/${name}` })
  assert.deepEqual(answerOf('/snapshots/{snapshotId}', 'get').snapshot, refOf('Snapshot'))
  assert.deepEqual(answerOf('/snapshots/{snapshotId}/push', 'post', '202').push, refOf('Push'))
  assert.deepEqual(answerOf('/snapshots/{snapshotId}/plan', 'post').plan, refOf('Plan'))
  assert.deepEqual(answerOf('/contacts/{contactId}', 'get').contact, refOf('Contact'))
  assert.deepEqual(answerOf('/locations/{locationId}/customFields', 'get').customFields.items, refOf('CustomField'))
  assert.ok(
    components.schemas.Contact.properties.firstName &&
      components.schemas.Plan.properties.targets.items.$ref.endsWith('/PlanTarget'),
  )
  for (const [, name = ''] of JSON.stringify(paths).matchAll(/"#\/components\/schemas\/(\w+)"/g))
    assert.ok(name in components.schemas, name)

  const nameless = registry.all.flatMap(({ name, output }) => {
    const held =
      output === 'stream' ? [] : Object.entries((output as { properties?: Record<string, Held> }).properties ?? {})
    const isNameless = ({ items, ...held }: Held) => {
      const { title, properties = {} } = items ?? held
      return title === undefined && ('id' in properties || '_id' in properties)
    }
    return held.filter(([, one]) => isNameless(one)).map(([property]) => `${name}: ${property}`)
  })
  assert.deepEqual(nameless, [])
})

test('one name means one type', () => {
  const twice = (first: object) =>
    ['a', 'b'].map((path, index) =>
      operation({
        name: `things.${path}`,
        kind: 'action',
        title: path,
        description: '',
        category: 'Things',
        access: 'read',
        token: 'agency',
        scope: 'things.readonly',
        http: `GET /${path}`,
        input: Type.Object({}),
        output: Noun('Thing', index === 0 ? (first as Record<string, TSchema>) : { id: Type.String() }),
        run: async () => ({}) as never,
      }),
    )
  const write = (first: object) =>
    toOpenApi(createRegistry(twice(first)), { url: 'http://x', version: '1', versions: ['v3'] })
  assert.ok(write({ id: Type.String() }))
  assert.throws(() => write({ id: Type.Integer() }), /two types are called Thing/)
})

/** Bytes as they travel. */
function take(
  path: string,
  headers: Record<string, string>,
): Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }> {
  return new Promise((done, fail) => {
    get(server.url + path, { headers }, async (response) => {
      const pieces: Buffer[] = []
      for await (const piece of response) pieces.push(piece)
      done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) })
    }).once('error', fail)
  })
}

test('the description travels compressed, and once', async () => {
  for (const path of ['/openapi.json']) {
    const plain = await take(path, {})
    assert.deepEqual(
      [plain.headers['content-encoding'], plain.headers.vary, plain.headers['cache-control']],
      [undefined, 'accept-encoding', 'no-cache'],
      path,
    )
    const small = await take(path, { 'accept-encoding': 'br;q=1.0, gzip;q=0.8, *;q=0.1' })
    assert.deepEqual([small.status, small.headers['content-encoding']], [200, 'gzip'], path)
    assert.ok(small.body.length < plain.body.length / 5, `${path}: ${small.body.length} of ${plain.body.length}`)
    assert.ok(gunzipSync(small.body).equals(plain.body), path)
    for (const none of ['identity', 'br', 'gzip;q=0', 'xgzip'])
      assert.equal((await take(path, { 'accept-encoding': none })).headers['content-encoding'], undefined, none)
    const { etag = '' } = small.headers
    assert.match(etag, /^W\/"[\w-]{20,}"$/)
    for (const seen of [etag, `"other", ${etag}`, etag.slice(2), '*']) {
      const again = await take(path, { 'if-none-match': seen, 'accept-encoding': 'gzip' })
      assert.deepEqual(
        [again.status, again.body.length, again.headers.etag, again.headers.vary],
        [304, 0, etag, 'accept-encoding'],
        seen,
      )
    }
    assert.equal((await take(path, { 'if-none-match': '"other"' })).status, 200)
  }
})

test('metrics count requests by operation and status', async () => {
  await server.client('pit-unknown').get('/tokens/?companyId=nobody')
  const { status, headers, body } = await server.client().get('/metrics')
  assert.equal(status, 200)
  assert.match(headers.get('content-type') ?? '', /^text\/plain/)
  assert.match(body, /tintype_http_request_duration_seconds_count\{operation="tokens.list",status="401"\} 1/)
  assert.match(body, /process_cpu_user_seconds_total/)
})

test('the probes tell life from readiness', async () => {
  assert.deepEqual((await server.client().get('/health')).body, { status: 'ok' })
  const { status, body } = await server.client().get('/ready')
  assert.deepEqual([status, body], [200, { status: 'ready', problems: [] }])
})
