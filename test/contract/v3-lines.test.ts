import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Operation } from '../../src/operations/define.ts'
import { registry } from '../../src/operations/index.ts'
import { lineShape } from '../../src/operations/registry.ts'
import { V3 } from '../../src/surfaces/v3.ts'

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
/** Services with bookings of their own: no kind here holds them. */
const NOT_SERVED = /^\w+ \/calendars\/services\//

test('of 250 documented lines of v3 all are served but 15 of one area that is new with it', () => {
  const missing = Object.keys(LINES).filter((line) => !SERVED.has(shapeOf(line)))
  assert.equal(Object.keys(LINES).length, 250)
  assert.deepEqual(
    missing.filter((line) => !NOT_SERVED.test(line)),
    [],
  )
  assert.equal(missing.length, 15)
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
