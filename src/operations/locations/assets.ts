import { Type } from 'typebox'
import { mayRead, readingScopes } from '../../auth/caller.ts'
import { AppError } from '../../errors.ts'
import { RESOURCES } from '../../resources/index.ts'
import { diffStates, hashAfter, hashNow, listLocationAssets } from '../../snapshots/location-assets.ts'
import { readUsage } from '../../snapshots/usage.ts'
import { type AssetResource, findAsset, readFormer, revisionOf, titleOf } from '../../store/assets/index.ts'
import { type Context, operation } from '../define.ts'
import { Id, Instant, Kind, Limit, Noun, SHIFTING, Skip } from '../schemas.ts'

/** Whoever may not read a kind sees nothing of it. */
export function readableResource({ resources, caller }: Context, kind: string): AssetResource {
  const resource = resources.get(kind)
  if (resource === undefined) throw new AppError('not_found', { what: 'kind of asset', id: kind })
  if (!mayRead(caller, resource)) throw new AppError('scope_missing')
  return resource
}

export const assetReads = {
  category: 'Locations',
  access: 'read',
  token: 'either',
  scope: [...new Set([...RESOURCES.values()].flatMap(readingScopes))],
} as const
const asset = { locationId: Id(), kind: Id(), assetId: Id() }
const ChangeId = (description: string) => Type.Optional(Type.String({ format: 'uuid', maxLength: 36, description }))
const Nullable = (description: string) => Type.Union([Type.String(), Type.Null()], { description })

/** Assets of a location whatever their kind is: listed, read as of a change, compared, and what names them. */
export const assetOperations = [
  operation({
    ...assetReads,
    name: 'locations.assets',
    title: 'List Assets',
    description:
      'Assets of a sub-account of one kind or of all that the token may read, by kind and name, with the snapshot that ' +
      'brought each. `counts` counts all that are asked for, by kind.',
    http: 'GET /locations/:locationId/assets',
    input: Type.Object(
      {
        locationId: Id(),
        kind: Type.Optional(Kind()),
        query: Type.Optional(Type.String({ maxLength: 200, description: 'A part of the name, in any case.' })),
        skip: Skip(SHIFTING),
        limit: Limit(100, 1000),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({
      assets: Type.Array(
        Noun('ListedAsset', {
          kind: Type.String(),
          id: Type.String(),
          lineage: Type.String(),
          name: Type.String(),
          createdAt: Instant(),
          updatedAt: Instant(),
          pushId: Nullable('The push that brought it, or changed it, last. Null: none has.'),
          snapshotId: Nullable('Of that push.'),
          snapshotName: Nullable('Of that push. Null: the snapshot was deleted.'),
          isDrifted: Type.Boolean({ description: 'Whether it was edited since.' }),
        }),
      ),
      total: Type.Integer(),
      counts: Type.Record(Type.String(), Type.Integer()),
    }),
    async run(ctx, { locationId, kind, query, skip = 0, limit = 100 }) {
      const kinds =
        kind === undefined
          ? [...ctx.resources.values()]
              .filter((resource) => mayRead(ctx.caller, resource))
              .map((resource) => resource.kind)
          : [readableResource(ctx, kind).kind]
      const { assets, counts } = await listLocationAssets(ctx.db, { locationId, kinds, search: query, skip, limit })
      return {
        assets: assets.map(({ createdAt, updatedAt, ...one }) => ({
          ...one,
          createdAt: createdAt.toISOString(),
          updatedAt: updatedAt.toISOString(),
        })),
        total: Object.values(counts).reduce((sum, count) => sum + count, 0),
        counts,
      }
    },
  }),
  operation({
    ...assetReads,
    name: 'locations.asset',
    title: 'Get Asset',
    description:
      'An asset of any kind as it is, or as one of its changes left it (`change`: an id of its history): what its ' +
      "kind's own PUT takes back. Values that belong to the sub-account and never travel are those of today.",
    http: 'GET /locations/:locationId/assets/:kind/:assetId',
    input: Type.Object({ ...asset, change: ChangeId('As this change left it.') }, { additionalProperties: false }),
    output: Type.Object({
      asset: Noun('AssetState', {
        kind: Type.String(),
        id: Type.String(),
        name: Type.String(),
        isCurrent: Type.Boolean({ description: 'Whether it is like this now.' }),
        revision: Nullable('What it is now, for the header `if-match` of its PUT. Null: it was deleted.'),
        document: Type.Record(Type.String(), Type.Unknown()),
      }),
    }),
    async run(ctx, { locationId, kind, assetId, change }) {
      const resource = readableResource(ctx, kind)
      const current = await findAsset(ctx.db, resource, locationId, assetId)
      const hash =
        change === undefined ? (current?.hash ?? null) : await hashAfter(ctx.db, { locationId, kind, assetId }, change)
      if (hash === null) throw new AppError('not_found', { what: resource.noun, id: assetId })
      const document =
        hash === current?.hash
          ? current.document
          : (await readFormer(ctx.db, resource, locationId, [hash], current?.local)).get(hash)
      return {
        asset: {
          kind,
          id: assetId,
          name: hash === current?.hash ? current.name : titleOf(resource, document ?? {}),
          isCurrent: hash === current?.hash,
          revision: current === null ? null : revisionOf(current),
          document: document ?? {},
        },
      }
    },
  }),
  operation({
    ...assetReads,
    name: 'locations.assetDiff',
    title: 'Compare an Asset with its History',
    description: 'What differs between two states of an asset, field by field: as two of its changes left it.',
    http: 'GET /locations/:locationId/assets/:kind/:assetId/diff',
    input: Type.Object(
      {
        ...asset,
        from: ChangeId('As this change left it. Missing: before there was one.'),
        to: ChangeId('As this change left it. Missing: as it is now.'),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({
      fields: Type.Array(
        Type.Object({
          path: Type.String(),
          before: Type.Optional(Type.Unknown()),
          after: Type.Optional(Type.Unknown()),
        }),
      ),
    }),
    async run(ctx, { locationId, kind, assetId, from, to }) {
      readableResource(ctx, kind)
      const one = { locationId, kind, assetId }
      const before = from === undefined ? null : await hashAfter(ctx.db, one, from)
      const after = to === undefined ? await hashNow(ctx.db, one) : await hashAfter(ctx.db, one, to)
      if (before === null && after === null) throw new AppError('not_found', { what: kind, id: assetId })
      return { fields: (await diffStates(ctx.db, locationId, before, after)) as never }
    },
  }),
  operation({
    ...assetReads,
    name: 'locations.assetUsage',
    title: 'List what Refers to an Asset',
    description:
      'Assets of the sub-account that name this one or a part of it, of kinds that the token may read, and how many ' +
      'records hang on it.',
    http: 'GET /locations/:locationId/assets/:kind/:assetId/usage',
    input: Type.Object(asset, { additionalProperties: false }),
    output: Type.Object({
      assets: Type.Array(Noun('ReferringAsset', { kind: Type.String(), id: Type.String(), name: Type.String() })),
      records: Type.Array(
        Noun('RecordsOnAsset', {
          kind: Type.String(),
          count: Type.Integer(),
          upcoming: Type.Optional(Type.Integer({ description: 'Of appointments: those to come.' })),
          atLeast: Type.Optional(Type.Boolean({ description: 'There may be more: not all records were looked at.' })),
        }),
      ),
    }),
    async run(ctx, { locationId, kind, assetId }) {
      const resource = readableResource(ctx, kind)
      if ((await hashNow(ctx.db, { locationId, kind, assetId })) === null)
        throw new AppError('not_found', { what: resource.noun, id: assetId })
      const { assets, records } = await readUsage(ctx.db, { locationId, kind, id: assetId }, ctx.clock.nowMs())
      const isShown = ({ kind: of }: { kind: string }) => {
        const known = ctx.resources.get(of) ?? ctx.records.get(of)
        return known !== undefined && mayRead(ctx.caller, known)
      }
      return { assets: assets.filter(isShown), records: records.filter(isShown) }
    },
  }),
]
