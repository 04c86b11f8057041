import { Type } from 'typebox'
import { publishersOf } from '../snapshots/share.ts'
import { getVersion, type SnapshotRow } from '../snapshots/snapshots.ts'
import type { Context } from './define.ts'
import { Instant } from './schemas.ts'

export const SnapshotAnswer = Type.Object({
  id: Type.String(),
  name: Type.String(),
  type: Type.Enum(['own', 'imported']),
  version: Type.Integer(),
  root: Type.String({ description: 'Equal content, equal root, on every installation.' }),
  sourceLocationId: Type.Union([Type.String(), Type.Null()]),
  createdAt: Instant(),
  publisherName: Type.Optional(Type.String({ description: 'Of an import by share: the agency that shared it.' })),
  assets: Type.Record(Type.String(), Type.Integer(), { description: 'Number of assets by kind.' }),
})

/** A snapshot as callers see it, at one of its versions. */
export async function toSnapshotAnswer(ctx: Context, snapshot: SnapshotRow, version?: number) {
  const { id, name, type, sourceLocationId, createdAt } = snapshot
  const publisherName = (await publishersOf(ctx.db, [snapshot])).get(id)
  const captured = await getVersion(ctx.db, snapshot, version)
  return {
    id,
    name,
    type,
    version: captured.version,
    root: captured.root,
    sourceLocationId,
    createdAt: createdAt.toISOString(),
    assets: captured.counts,
    ...(publisherName === undefined ? {} : { publisherName }),
  }
}
