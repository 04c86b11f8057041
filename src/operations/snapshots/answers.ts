import { Type } from 'typebox'
import { namesOfLocations } from '../../auth/location-lists.ts'
import { publishersOf } from '../../snapshots/share.ts'
import { getVersion, type ListedSnapshot, type SnapshotRow, type VersionRow } from '../../snapshots/snapshots.ts'
import type { Context } from '../define.ts'
import { Instant, Noun } from '../schemas.ts'

const Counts = () => Type.Record(Type.String(), Type.Integer(), { description: 'Number of assets by kind.' })
const source = {
  sourceLocationId: Type.Union([Type.String(), Type.Null()], {
    description: 'The sub-account it was captured from. Null: it was imported.',
  }),
  sourceLocationName: Type.Union([Type.String(), Type.Null()]),
}
const described = {
  name: Type.Optional(Type.String({ description: 'What people call the version.' })),
  note: Type.Optional(Type.String({ description: 'What somebody noted about it.' })),
}

export const SnapshotAnswer = Noun('Snapshot', {
  id: Type.String(),
  name: Type.String(),
  type: Type.Enum(['own', 'imported'], {
    description:
      "`own`: captured here, or stored from a file. `imported`: follows another agency's snapshot by its share.",
  }),
  version: Type.Integer(),
  versionName: described.name,
  versionNote: described.note,
  root: Type.String({ description: 'Equal content, equal root, on every installation.' }),
  ...source,
  createdAt: Instant(),
  updatedAt: Instant(),
  publisherName: Type.Optional(Type.String({ description: 'Of an import by share: the agency that shared it.' })),
  assets: Counts(),
})

/** A snapshot in a list, with its newest version. */
export const ListedAnswer = Noun('ListedSnapshot', {
  id: Type.String(),
  name: Type.String(),
  type: Type.Enum(['own', 'imported']),
  version: Type.Integer(),
  versionName: described.name,
  ...source,
  createdAt: Instant(),
  publisherName: Type.Optional(Type.String({ description: 'Of an import by share: the agency that shared it.' })),
  updatedAt: Instant(),
  assets: Counts(),
})

export const VersionAnswer = Noun('SnapshotVersion', {
  version: Type.Integer(),
  ...described,
  root: Type.String(),
  createdAt: Instant(),
  assets: Counts(),
})

/** A snapshot as callers see it, at one of its versions. */
export async function toSnapshotAnswer(ctx: Context, snapshot: SnapshotRow, version?: number) {
  const captured = await getVersion(ctx.db, snapshot, version)
  const [answer] = await toListedAnswers(ctx, [{ ...snapshot, counts: captured.counts, versionName: captured.name }])
  return {
    ...(answer as NonNullable<typeof answer>),
    version: captured.version,
    ...(captured.note === null ? {} : { versionNote: captured.note }),
    root: captured.root,
  }
}

export async function toListedAnswers(ctx: Pick<Context, 'db'>, snapshots: readonly ListedSnapshot[]) {
  const sources = await namesOfLocations(
    ctx.db,
    snapshots.flatMap(({ sourceLocationId }) => (sourceLocationId === null ? [] : [sourceLocationId])),
  )
  const publishers = await publishersOf(ctx.db, snapshots)
  return snapshots.map(({ id, name, type, version, versionName, sourceLocationId, createdAt, updatedAt, counts }) => ({
    id,
    name,
    type,
    version,
    ...(versionName === null ? {} : { versionName }),
    sourceLocationId,
    sourceLocationName: sourceLocationId === null ? null : (sources.get(sourceLocationId) ?? null),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    assets: counts,
    ...(publishers.has(id) ? { publisherName: publishers.get(id) as string } : {}),
  }))
}

export function toVersionAnswer({ version, root, createdAt, counts, name, note }: VersionRow) {
  const texts = { ...(name === null ? {} : { name }), ...(note === null ? {} : { note }) }
  return { version, ...texts, root, createdAt: createdAt.toISOString(), assets: counts }
}
