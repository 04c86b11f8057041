import { type Static, Type } from 'typebox'
import { CATALOG } from './catalog-entries.ts'
import { type Operation, operation } from './define.ts'
import { lineShape, placementOf } from './registry.ts'

const Names = () => Type.Array(Type.String())

const Entry = Type.Object({
  category: Type.String(),
  kind: Type.Enum(['trigger', 'action']),
  title: Type.String(),
  description: Type.String(),
  operation: Type.Object({
    name: Type.String(),
    access: Type.Enum(['read', 'write', 'destructive']),
    token: Type.Enum(['agency', 'location', 'either', 'none']),
    scopes: Names(),
    method: Type.String(),
    path: Type.String(),
    status: Type.Integer(),
    parameters: Type.Object({ path: Names(), query: Names(), body: Names() }),
    input: Type.Unknown({ description: 'JSON Schema of all parameters as one object.' }),
    output: Type.Unknown({ description: 'JSON Schema of the answer; null where it is a stream.' }),
  }),
})

/** Entries of the catalogue with the operations behind them. Throws for one that nothing serves. */
function toEntries(operations: readonly Operation[]): Static<typeof Entry>[] {
  const byLine = new Map(operations.map((one) => [lineShape(one.http), one]))
  return Object.entries(CATALOG).flatMap(([category, entries]) =>
    entries.map(([kind, title, description, line]) => {
      const served = byLine.get(lineShape(line))
      if (served === undefined) throw new Error(`no operation serves ${line} of the catalogue`)
      return { category, kind, title, description, operation: describe(served) }
    }),
  )
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
