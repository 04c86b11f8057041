import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { HighLevel } from '@gohighlevel/api-client'
import { type SdkMethod, sdkMethods } from '../../scripts/sdk-methods.ts'
import { type CatalogueWorld, startCatalogueWorld } from '../support/catalogue-world.ts'
import { type Answered, undeclared } from '../support/declared-answers.ts'
import { CONTRADICTED, DECLARED_AS } from './wire/declarations.ts'
import { STORIES } from './wire/index.ts'
import { type Ask, isServed } from './wire/story.ts'

type Services = Record<string, Record<string, (...parts: unknown[]) => Promise<unknown>>>

let world: CatalogueWorld
const called = new Set<string>()
const answers: Answered[] = []

before(async () => {
  world = await startCatalogueWorld()
})
after(() => world?.[Symbol.asyncDispose]())

function newSdk(token: string): HighLevel {
  const sdk = new HighLevel({ privateIntegrationToken: token, logLevel: 'none' as never })
  sdk.getHttpClient().defaults.baseURL = world.server.url
  return sdk
}

function askWith(token: string): Ask {
  const sdk = newSdk(token)
  const methods = sdkMethods(sdk)
  return async (line, input = {}, body) => {
    called.add(line)
    const { service, name, hasBody, hasParameters } = methods.get(line) as SdkMethod
    // Its parameters are camel case, whatever those of the wire are.
    const parameters = Object.fromEntries(
      Object.entries(input).map(([key, value]) => [key.replace(/_(\w)/g, (_, letter) => letter.toUpperCase()), value]),
    )
    const parts = [...(hasParameters ? [parameters] : []), ...(hasBody ? [body] : [])]
    // It says JSON of everything, forms too, unless told otherwise.
    if (body instanceof FormData) parts.push({ headers: { 'content-type': 'multipart/form-data' } })
    const answer = await (sdk as unknown as Services)[service]![name]!(...parts)
    answers.push({ service, method: name, answer })
    return answer
  }
}

for (const [name, story] of STORIES)
  test(`the official SDK, ${name}`, () =>
    story({
      ask: askWith(world.location.token),
      askAgency: askWith(world.agency.token),
      ids: world.ids,
      client: world.client,
    }))

/** Our own invoices, which other programs bring; the life of an app, in test/contract/oauth.test.ts. */
const ELSEWHERE = /^(POST|GET) \/invoices\/|\/oauth\//

test('the official SDK: every method of an operation that is served was called', () => {
  const methods = [...sdkMethods(newSdk(world.location.token)).keys()]
  const inScope = methods.filter((line) => isServed(line) && !ELSEWHERE.test(line))
  assert.deepEqual(
    inScope.filter((line) => !called.has(line)),
    [],
  )
  assert.deepEqual([inScope.length, methods.length - inScope.length], [219, 365])
})

test('the official SDK: answers have the types that it declares, but where documents or recordings say otherwise', () => {
  const asDeclared = answers.flatMap(({ service, method, answer }) =>
    (DECLARED_AS[`${service}.${method}`]?.(answer) ?? [answer]).map((one) => ({ service, method, answer: one })),
  )
  const said = undeclared(asDeclared)
  const isKnown = (one: string) => CONTRADICTED.some(([pattern]) => pattern.test(one))
  assert.deepEqual(
    said.filter((one) => !isKnown(one)),
    [],
  )
  const kept = CONTRADICTED.filter(([pattern]) => !said.some((one) => pattern.test(one)))
  assert.deepEqual(kept, [], 'nothing is said of these any more')
})

test('the official SDK: an answer that breaks its type is told, and where', () => {
  const contact = { id: 7, tags: ['vip', 1], customFields: [{ value: 'The barn' }], more: true }
  const answer = { contact, traceId: 'x' }
  assert.deepEqual(undeclared([{ service: 'contacts', method: 'getContact', answer }]), [
    "contacts.getContact contact.id: Type 'number' is not assignable to type 'string'.",
    "contacts.getContact contact.tags[]: Type 'number' is not assignable to type 'string'.",
  ])
  const page = { service: 'funnels', method: 'getPagesByFunnelId', answer: { _id: 'x', name: 'Home' } }
  assert.match(undeclared([page]).join(), /^funnels\.getPagesByFunnelId: .* is not assignable to .* stepId: string/)
})
