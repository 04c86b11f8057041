import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Operation } from '../../src/operations/define.ts'
import { registry } from '../../src/operations/index.ts'
import { lineShape } from '../../src/operations/registry.ts'
import { V3 } from '../../src/surfaces/v3.ts'
import { unknownPaths } from '../support/official-paths.ts'

/** HighLevel's documents of v3 (highlevel-api-docs, apps/v3, June 2026): each line of our areas, and what it is asked. */
const LINES = JSON.parse(readFileSync('test/support/official/v3-lines.json', 'utf8')) as Record<string, string[]>
const shapeOf = (line: string) => lineShape(line.replace(/\{(\w+)\}/g, ':$1'))
const SERVED = new Map<string, Operation>(
  registry.all.flatMap((operation) => {
    const { line } = V3[operation.name] ?? {}
    const lines = [operation.http, ...operation.alsoAt, ...(line === undefined ? [] : [line])]
    return lines.map((one) => [lineShape(one), operation] as const)
  }),
)

test('all 250 documented lines of v3 are served', () => {
  assert.equal(Object.keys(LINES).length, 250)
  assert.deepEqual(
    Object.keys(LINES).filter((line) => !SERVED.has(shapeOf(line))),
    [],
  )
})

test('whatever v3 documents to be asked is taken under its name', () => {
  const refused = Object.entries(LINES).flatMap(([line, names]) => {
    const operation = SERVED.get(shapeOf(line))
    if (operation === undefined) return []
    const renamed = (V3[operation.name]?.asked ?? []).flatMap(({ at, names: some }) =>
      at === undefined ? Object.keys(some) : [],
    )
    const taken = new Set([...Object.keys(operation.input.properties), ...renamed, ...operation.foreign])
    return names.filter((name) => !taken.has(name)).map((name) => `${line} ${name}`)
  })
  // A name and an id of the last one seen, which no answer of that list tells; `skip` goes on there.
  assert.deepEqual(refused, ['GET /contacts/business/{businessId} startAfter'])
})

/** Words of v3 where a field takes some only, by line and place: names alone (apps/v3). */
const WORDS = JSON.parse(readFileSync('test/support/official/v3-words.json', 'utf8')) as Record<
  string,
  Record<string, unknown[]>
>
type Schema = { enum?: unknown[]; anyOf?: Schema[]; items?: Schema; properties?: Record<string, Schema> }
const formsOf = (schema: Schema): Schema[] => schema.anyOf?.flatMap(formsOf) ?? [schema]
/** Of a schema, what stands at a place such as `rules[].day`. */
const schemasAt = (schema: Schema, at: string): Schema[] =>
  at.split('.').reduce<Schema[]>(
    (found, step) =>
      found
        .flatMap(formsOf)
        .flatMap(({ properties = {} }) => properties[step.replace('[]', '')] ?? [])
        .flatMap(formsOf)
        .flatMap((one) => (step.endsWith('[]') ? (one.items ?? []) : one)),
    [schema],
  )

test('whatever word v3 documents for a field is taken', () => {
  const refused = Object.entries(WORDS).flatMap(([line, places]) =>
    Object.entries(places).flatMap(([at, words]) => {
      const taken = schemasAt(SERVED.get(shapeOf(line))?.input as Schema, at).flatMap(formsOf)
      if (taken.some((one) => one.enum === undefined)) return []
      const missing = words.filter((word) => !taken.some((one) => one.enum?.includes(word)))
      return taken.length === 0 || missing.length === 0 ? [] : [`${line} ${at} ${missing.join()}`]
    }),
  )
  // No opportunity stands in all states at once.
  assert.deepEqual(
    refused.filter((one) => !/ \/opportunities\/.* status all$/.test(one)),
    [],
  )
})

/** Bodies and answers of services, which are new with v3: schemas of its document (apps/v3/calendars-v3.json). */
const SERVICES: Record<string, { body?: string; answer: string }> = {
  'GET /calendars/services/catalog': { answer: 'ServicesListResponseDTO' },
  'POST /calendars/services/catalog': { body: 'CreateServiceDTO', answer: 'ServiceResponseWrapperDTO' },
  'GET /calendars/services/catalog/{serviceId}': { answer: 'ServiceResponseWrapperDTO' },
  'PUT /calendars/services/catalog/{serviceId}': { body: 'UpdateServiceDTO', answer: 'ServiceResponseWrapperDTO' },
  'DELETE /calendars/services/catalog/{serviceId}': { answer: 'DeleteServiceResponseDTO' },
  'GET /calendars/services/locations': { answer: 'ServiceLocationListResponseDTO' },
  'POST /calendars/services/locations': { body: 'CreateServiceLocationDTO', answer: 'ServiceLocationResponseDTO' },
  'GET /calendars/services/locations/{serviceLocationId}': { answer: 'ServiceLocationResponseDTO' },
  'PUT /calendars/services/locations/{serviceLocationId}': {
    ...{ body: 'UpdateServiceLocationDTO', answer: 'ServiceLocationResponseDTO' },
  },
  'DELETE /calendars/services/locations/{serviceLocationId}': { answer: 'DeleteServiceLocationResponseDTO' },
  'GET /calendars/services/bookings': { answer: 'ServiceBookingsListResponseDTO' },
  'POST /calendars/services/bookings': {
    ...{ body: 'CreatePublicServiceBookingDTO', answer: 'CreateOrUpdateServiceBookingResponseDTO' },
  },
  'GET /calendars/services/bookings/{bookingId}': { answer: 'ServiceBookingResponseDTO' },
  'PUT /calendars/services/bookings/{bookingId}': {
    ...{ body: 'UpdateServiceBookingDTO', answer: 'CreateOrUpdateServiceBookingResponseDTO' },
  },
  'DELETE /calendars/services/bookings/{bookingId}': { answer: 'DeleteServiceBookingResponseDTO' },
}

test('every property that v3 documents of services is taken, and answered', () => {
  const { schemas } = JSON.parse(readFileSync('test/support/official/services.json', 'utf8')).components
  const lines = Object.keys(LINES).filter((line) => line.includes('/calendars/services/'))
  assert.deepEqual(Object.keys(SERVICES).toSorted(), lines.toSorted())
  for (const [line, { body, answer }] of Object.entries(SERVICES)) {
    const { input, output } = SERVED.get(shapeOf(line)) as Operation
    const missing = (name: string, ours: unknown) => unknownPaths(schemas[name], ours as object, schemas)
    if (body !== undefined) assert.deepEqual(missing(body, input), [], `${line} takes`)
    assert.deepEqual(missing(answer, output), [], `${line} answers`)
  }
})
