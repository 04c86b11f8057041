import { type Static, Type } from 'typebox'
import { dedupeKeys } from './catalogue/dedupe.ts'
import type { CatalogEntry } from './catalogue/entry.ts'
import { CATALOG } from './catalogue/index.ts'
import { type Operation, operation } from './define.ts'
import { lineShape, placementOf } from './registry.ts'
import { Noun } from './schemas.ts'

const Names = (description?: string) => Type.Array(Type.String(), description === undefined ? {} : { description })

const DedupeAnswer = Type.Object(
  {
    items: Type.String({
      description:
        'Where the items are in the answer: `contact`, `contacts[]`, `[]` (the answer is the list), `*.slots[]` (lists by any name); empty: the answer itself.',
    }),
    id: Names('Fields that tell an item from others; `.` is the item itself.'),
    version: Names('Fields that differ once an item has changed. None: compare its content (SHA-256 of its canonical JSON, RFC 8785, 16 digits).'),
    request: Names('Input properties that belong to the id, because the answer does not say what was asked for.'),
    keys: Type.Array(Type.Object({ id: Type.String(), version: Type.String() }), {
      description: 'What the sample gives: the parts of each key, percent-encoded and joined by slashes, those of the request first.',
    }),
  },
  { description: 'How a polling client tells what it has seen: an item is new with a new id, changed with a new version. Null for actions.' },
)

const Entry = Noun('CatalogueEntry', {
  key: Type.String({ description: 'Unique and lasting. Two entries can be served by one operation.' }),
  category: Type.String(),
  kind: Type.Enum(['trigger', 'action']),
  title: Type.String(),
  description: Type.String(),
  operation: Type.Object({
    name: Type.String(),
    access: Type.Enum(['read', 'write', 'destructive']),
    token: Type.Enum(['agency', 'location', 'either', 'operator', 'none']),
    scopes: Names(),
    method: Type.String(),
    path: Type.String(),
    status: Type.Integer(),
    parameters: Type.Object({ path: Names(), query: Names(), body: Names() }),
    input: Type.Unknown({ description: 'JSON Schema of all parameters as one object.' }),
    output: Type.Unknown({ description: 'JSON Schema of the answer; null where it is a stream.' }),
  }),
  also: Type.Array(Type.Object({ when: Type.String(), operation: Type.String(), method: Type.String(), path: Type.String() }), {
    description: 'Operations that do for this entry what its own cannot.',
  }),
  dedupe: Type.Union([DedupeAnswer, Type.Null()]),
  sample: Type.Unknown({ description: 'A realistic answer of a trigger, the same each time; of a stream, all but its bytes. Null for actions.' }),
  sampleInput: Type.Unknown({ description: 'What the sample answers, where the dedupe key needs it; else null.' }),
})

/** Entries of the catalogue with the operations behind them. Throws for one that nothing serves. */
function toEntries(operations: readonly Operation[]): Static<typeof Entry>[] {
  const byLine = new Map(operations.map((one) => [lineShape(one.http), one]))
  const serving = (line: string): Operation => {
    const served = byLine.get(lineShape(line))
    if (served === undefined) throw new Error(`no operation serves ${line} of the catalogue`)
    return served
  }
  return Object.entries(CATALOG).flatMap(([category, entries]) =>
    entries.map(({ line, also, ...entry }) => ({
      category,
      ...entry,
      operation: describe(serving(line)),
      also: Object.entries(also).map(([other, when]) => ({ when, ...reference(serving(other)) })),
      dedupe: withKeys(entry),
    })),
  )
}

function withKeys({ dedupe, sample, sampleInput }: Pick<CatalogEntry, 'dedupe' | 'sample' | 'sampleInput'>) {
  if (dedupe === null) return null
  const { items, id, version, request } = dedupe
  return { items, id: [...id], version: [...version], request: [...request], keys: dedupeKeys(dedupe, sampleInput ?? {}, sample) }
}

function reference(served: Operation): { operation: string; method: string; path: string } {
  const { method, path } = placementOf(served)
  return { operation: served.name, method, path }
}

function describe(served: Operation): Static<typeof Entry>['operation'] {
  const { name, access, token, scope, status, input, output } = served
  const { method, path, pathNames, queryNames, bodyNames } = placementOf(served)
  const parameters = { path: [...pathNames], query: [...queryNames], body: [...bodyNames] }
  return { name, access, token, scopes: [scope].flat(), method, path, status, parameters, input, output: output === 'stream' ? null : output }
}

/** The catalogue tells of the other operations, so they are handed to it. */
export function catalogOperation(operations: readonly Operation[]): Operation {
  const all = toEntries(operations)
  return operation({
    name: 'catalog.list',
    title: 'List Catalogue',
    description: 'Every trigger and action of the operations catalogue: what it is called, which operation serves it, what goes in and what comes out.',
    category: 'Catalogue',
    access: 'read',
    token: 'none',
    scope: [],
    http: 'GET /catalog',
    input: Type.Object(
      { category: Type.Optional(Type.Enum(Object.keys(CATALOG))), kind: Type.Optional(Type.Enum(['trigger', 'action'])) },
      { additionalProperties: false },
    ),
    output: Type.Object({ entries: Type.Array(Entry), total: Type.Integer() }),
    async run(_ctx, { category, kind }) {
      const entries = all.filter((entry) => (category === undefined || entry.category === category) && (kind === undefined || entry.kind === kind))
      return { entries, total: entries.length }
    },
  })
}
