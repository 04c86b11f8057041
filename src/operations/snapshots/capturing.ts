import { Type } from 'typebox'
import { inTransaction } from '../../db/transaction.ts'
import { invalid } from '../../errors.ts'
import { type Pointer, type Selection, selectAssets } from '../../snapshots/capture.ts'
import { showNames } from '../../store/assets/index.ts'
import { type Context, operation } from '../define.ts'
import { After, Id, KINDS, Kind, Limit, Noun } from '../schemas.ts'
import { reads } from './terms.ts'

/** What of a sub-account is captured. */
export const selectionInput = {
  kinds: Type.Optional(
    Type.Array(Kind(), {
      maxItems: 100,
      description: `All of these kinds: ${KINDS}. Neither kinds nor assets: everything.`,
    }),
  ),
  assets: Type.Optional(
    Type.Array(Type.Object({ kind: Kind(), id: Id() }, { additionalProperties: false }), { maxItems: 10_000 }),
  ),
}

/** 422 for what names no kind, and for what chooses nothing. */
export function checkSelection({ resources }: Pick<Context, 'resources'>, { kinds, assets }: Selection): void {
  const unknown = [
    ...(kinds ?? []).map((kind, index) => [`kinds[${index}]`, kind]),
    ...(assets ?? []).map(({ kind }, index) => [`assets[${index}].kind`, kind]),
  ].filter(([, kind]) => !resources.has(kind as string))
  if (unknown.length > 0)
    throw invalid(
      unknown.map(([path]) => `${path} must be one of the following values: ${[...resources.keys()].join(', ')}`),
    )
  if ((kinds ?? assets) !== undefined && !kinds?.length && !assets?.length)
    throw invalid([`${kinds === undefined ? 'assets' : 'kinds'} should not be empty`])
}

const named = { kind: Type.String(), id: Type.String(), name: Type.String() }
const LINES = 100
const placeOf = ({ kind, lineage }: Pick<Pointer, 'kind' | 'lineage'>) => `${kind}:${lineage}`

/** What a capture would take, before it is made. */
export const previewSnapshot = operation({
  ...reads,
  name: 'snapshots.preview',
  kind: 'action',
  heavy: true,
  title: 'Preview a Capture',
  description:
    'What Create Snapshot would take with the same choice, without doing it: what is chosen, and what comes along ' +
    'because something refers to it (`dependency`, with one that does). Totals count all, assets come page by page.',
  http: 'POST /snapshots/preview',
  query: ['companyId', 'dependency', 'limit', 'after'],
  input: Type.Object(
    {
      companyId: Id(),
      locationId: Id(),
      ...selectionInput,
      dependency: Type.Optional(
        Type.Boolean({ description: 'List only what comes along (true), or only what is chosen (false).' }),
      ),
      limit: Limit(LINES, 1000),
      after: Type.Optional(Type.String({ maxLength: 200, description: '`after` of the page before.' })),
    },
    { additionalProperties: false },
  ),
  output: Type.Object({
    total: Type.Integer({ description: 'Assets that would be captured.' }),
    dependencies: Type.Integer({ description: 'How many of them come along.' }),
    counts: Type.Record(Type.String(), Type.Integer(), { description: 'Number of assets by kind.' }),
    assets: Type.Array(
      Noun('SelectedAsset', {
        ...named,
        lineage: Type.String(),
        dependency: Type.Boolean(),
        neededBy: Type.Optional(Type.Object(named, { description: 'Of what comes along: one that refers to it.' })),
      }),
    ),
    after: After(),
  }),
  async run(ctx, { locationId, kinds, assets, dependency, limit = LINES, after }) {
    checkSelection(ctx, { kinds, assets })
    const { pointers: taken } = await inTransaction(ctx.db, (tx) => selectAssets(tx, locationId, { kinds, assets }))
    const listed = taken.filter((one) => dependency === undefined || one.dependency === dependency)
    const start = after === undefined ? 0 : listed.findIndex((one) => placeOf(one) > after)
    const page = start < 0 ? [] : listed.slice(start, start + limit)
    const names = await showNames(ctx.db, locationId, [
      ...page,
      ...page.flatMap(({ neededBy }) => (neededBy === undefined ? [] : [neededBy])),
    ])
    const shown = new Map(names.map(({ kind, id, name }) => [`${kind}:${id}`, { kind, id, name }]))
    const toNamed = ({ kind, id, name }: Pointer) => shown.get(`${kind}:${id}`) ?? { kind, id, name }
    const last = page.at(-1)
    const counts = Map.groupBy(taken, ({ kind }) => kind)
    return {
      total: taken.length,
      dependencies: taken.filter((one) => one.dependency).length,
      counts: Object.fromEntries([...counts].map(([kind, of]) => [kind, of.length])),
      assets: page.map((one) => ({
        ...toNamed(one),
        lineage: one.lineage,
        dependency: one.dependency,
        ...(one.neededBy === undefined ? {} : { neededBy: toNamed(one.neededBy) }),
      })),
      after: last === undefined || start + limit >= listed.length ? null : placeOf(last),
    }
  },
})
