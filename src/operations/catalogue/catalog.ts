import { type Static, Type } from 'typebox'
import { type Operation, operation } from '../define.ts'
import { lineShape, placementOf } from '../registry.ts'
import { Entry } from './answer.ts'
import { CATALOG } from './categories.ts'
import { dedupeKeys } from './dedupe.ts'
import type { CatalogEntry } from './entry.ts'

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
  const { items, id, version, request, newest = {} } = dedupe
  return {
    items,
    id: [...id],
    version: [...version],
    request: [...request],
    newest,
    keys: dedupeKeys(dedupe, sampleInput ?? {}, sample),
  }
}

function reference(served: Operation): { operation: string; method: string; path: string } {
  const { method, path } = placementOf(served)
  return { operation: served.name, method, path }
}

function describe(served: Operation): Static<typeof Entry>['operation'] {
  const { name, access, token, scope, status, input, output } = served
  const { method, path, pathNames, queryNames, bodyNames } = placementOf(served)
  const parameters = { path: [...pathNames], query: [...queryNames], body: [...bodyNames] }
  return {
    name,
    access,
    token,
    scopes: [scope].flat(),
    method,
    path,
    status,
    parameters,
    input,
    output: output === 'stream' ? null : output,
  }
}

/** The catalogue tells of the other operations, so they are handed to it. */
export function catalogOperation(operations: readonly Operation[]): Operation {
  const all = toEntries(operations)
  return operation({
    name: 'catalog.list',
    title: 'List Catalogue',
    description:
      'Every trigger and action of the operations catalogue: what it is called, which operation serves it, what ' +
      'goes in and what comes out.',
    category: 'Catalogue',
    access: 'read',
    token: 'none',
    scope: [],
    http: 'GET /catalog',
    input: Type.Object(
      {
        category: Type.Optional(Type.Enum(Object.keys(CATALOG))),
        kind: Type.Optional(Type.Enum(['trigger', 'action'])),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ entries: Type.Array(Entry), total: Type.Integer() }),
    async run(_ctx, { category, kind }) {
      const entries = all.filter(
        (entry) =>
          (category === undefined || entry.category === category) && (kind === undefined || entry.kind === kind),
      )
      return { entries, total: entries.length }
    },
  })
}
