import { Type } from 'typebox'
import {
  createShare,
  importShare,
  listShares,
  reopenShare,
  revokeShare,
  SHARE_TYPES,
  type ShareRow,
  type ShareType,
  type ShareUse,
  shareIdOf,
  usesOf,
} from '../../snapshots/share.ts'
import { getSnapshot } from '../../snapshots/snapshots.ts'
import { withStatus } from '../answer.ts'
import { type Context, operation } from '../define.ts'
import { DONE, Done, Id, Instant, Noun } from '../schemas.ts'
import { SnapshotAnswer, toSnapshotAnswer } from './answers.ts'

const List = () => Type.Optional(Type.String({ maxLength: 50_000, description: 'Comma separated.' }))
const split = (list: string | undefined) =>
  (list ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
const common = { category: 'Snapshots', token: 'agency' } as const

const linkOf = (ctx: Context, id: string) => `${ctx.publicUrl()}/?share=${id}`

function toAnswer(ctx: Context, share: ShareRow, uses: readonly ShareUse[] = []) {
  const state =
    share.revokedAt !== null ? 'revoked' : share.shareType === 'link' && share.usedAt !== null ? 'used' : 'open'
  return {
    id: share.id,
    snapshotId: share.snapshotId,
    shareType: share.shareType,
    shareLink: linkOf(ctx, share.id),
    relationshipNumbers: share.relationshipNumbers ?? [],
    locationIds: share.locationIds ?? [],
    state,
    usedBy: uses.map(({ companyName, at }) => ({ companyName, at: at.toISOString() })),
    createdAt: share.createdAt.toISOString(),
  }
}

export const shareOperations = [
  operation({
    ...common,
    name: 'snapshots.share',
    title: 'Create Snapshot Share Link',
    description:
      '`link` works once, `permanent_link` always, `agency_link` for the listed relationship numbers, ' +
      '`location_link` for the listed sub-accounts.',
    access: 'write',
    scope: 'snapshots.write',
    http: 'POST /snapshots/share/link',
    status: 201,
    query: ['companyId'],
    input: Type.Object(
      {
        companyId: Id(),
        snapshot_id: Id(),
        share_type: Type.Enum([...SHARE_TYPES]),
        relationship_number: List(),
        share_location_id: List(),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ id: Type.String(), shareLink: Type.String() }),
    async run(ctx, input) {
      const snapshot = await getSnapshot(ctx.tx, ctx.agencyId, input.snapshot_id)
      const { id } = await createShare(
        ctx.tx,
        {
          snapshot,
          shareType: input.share_type as ShareType,
          relationshipNumbers: split(input.relationship_number),
          locationIds: split(input.share_location_id),
        },
        ctx.author.atMs,
      )
      return { id, shareLink: linkOf(ctx, id) }
    },
  }),
  operation({
    ...common,
    name: 'snapshots.shares',
    title: 'List Shares',
    description: 'Shares of the agency, or of one snapshot, with their links and whether they still work.',
    access: 'read',
    scope: ['snapshots.readonly', 'snapshots.write'],
    http: 'GET /snapshots/shares',
    input: Type.Object({ companyId: Id(), snapshotId: Type.Optional(Id()) }, { additionalProperties: false }),
    output: Type.Object({
      shares: Type.Array(
        Noun('Share', {
          id: Type.String(),
          snapshotId: Type.String(),
          shareType: Type.String(),
          shareLink: Type.String(),
          relationshipNumbers: Type.Array(Type.String()),
          locationIds: Type.Array(Type.String()),
          state: Type.Enum(['open', 'used', 'revoked']),
          usedBy: Type.Array(Type.Object({ companyName: Type.String(), at: Instant() }), {
            description: 'Agencies that imported with it.',
          }),
          createdAt: Instant(),
        }),
      ),
    }),
    async run(ctx, input) {
      const shares = await listShares(ctx.db, ctx.agencyId, input.snapshotId)
      const uses = await usesOf(ctx.db, shares)
      return { shares: shares.map((share) => toAnswer(ctx, share, uses.get(share.id))) as never }
    },
  }),
  operation({
    ...common,
    name: 'snapshots.revokeShare',
    title: 'Revoke Share',
    description: 'Nobody imports with it any more, and what was imported is no longer brought up to date.',
    access: 'destructive',
    scope: 'snapshots.write',
    http: 'DELETE /snapshots/shares/:shareId',
    input: Type.Object({ companyId: Id(), shareId: Id() }, { additionalProperties: false }),
    output: Done(),
    async run(ctx, { shareId }) {
      await revokeShare(ctx.tx, ctx.agencyId, shareId, ctx.author.atMs)
      return DONE
    },
  }),
  operation({
    ...common,
    name: 'snapshots.reopenShare',
    title: 'Reopen Share',
    description:
      'Takes back that a share was revoked: its link works as it did before. A `link` that was used stays used.',
    access: 'write',
    scope: 'snapshots.write',
    http: 'POST /snapshots/shares/:shareId/reopen',
    query: ['companyId'],
    input: Type.Object({ companyId: Id(), shareId: Id() }, { additionalProperties: false }),
    output: Done(),
    async run(ctx, { shareId }) {
      await reopenShare(ctx.tx, ctx.agencyId, shareId)
      return DONE
    },
  }),
  operation({
    ...common,
    name: 'snapshots.import',
    title: 'Import Shared Snapshot',
    description:
      'Takes a share by its id or link. The imported snapshot remembers its origin; refresh brings it up to date. ' +
      '200 with the snapshot that is there when it was imported before.',
    access: 'write',
    scope: 'snapshots.write',
    http: 'POST /snapshots/import',
    status: 201,
    query: ['companyId'],
    input: Type.Object(
      { companyId: Id(), share: Type.String({ minLength: 1, maxLength: 1000 }) },
      { additionalProperties: false },
    ),
    output: Type.Object({ snapshot: SnapshotAnswer, message: Type.Optional(Type.String()) }),
    async run(ctx, { share }) {
      const { id, isNew } = await importShare(
        ctx.tx,
        { agencyId: ctx.agencyId, shareId: shareIdOf(share) },
        ctx.author.atMs,
      )
      const snapshot = await getSnapshot(ctx.tx, ctx.agencyId, id)
      const answer = { snapshot: await toSnapshotAnswer(ctx, snapshot) }
      if (isNew) return answer
      return withStatus(200, {
        ...answer,
        message: `This share was already imported as "${snapshot.name}". Refresh that snapshot to bring it up to date.`,
      })
    },
  }),
]
