import { Type } from 'typebox'
import { isLetInto } from '../../auth/installs.ts'
import { describeVersion, getSnapshot, listVersions } from '../../snapshots/snapshots.ts'
import { readStanding } from '../../snapshots/standing.ts'
import { operation } from '../define.ts'
import { After, Id, Instant, Limit, LocationName, Name, Noun } from '../schemas.ts'
import { toVersionAnswer, VersionAnswer } from './answers.ts'
import { OtherVersions, readOthers } from './mixed.ts'

const common = { category: 'Snapshots', token: 'agency' } as const
const reads = { ...common, access: 'read', scope: ['snapshots.readonly', 'snapshots.write'] } as const
const one = { companyId: Id(), snapshotId: Id() }

export const snapshotVersionOperations = [
  operation({
    ...reads,
    name: 'snapshots.versions',
    title: 'List Versions',
    description: 'Newest first, with what people call them and noted about them.',
    http: 'GET /snapshots/:snapshotId/versions',
    input: Type.Object(one, { additionalProperties: false }),
    output: Type.Object({ versions: Type.Array(VersionAnswer) }),
    async run(ctx, { snapshotId }) {
      const snapshot = await getSnapshot(ctx.db, ctx.agencyId, snapshotId)
      return { versions: (await listVersions(ctx.db, snapshot.id)).map(toVersionAnswer) }
    },
  }),
  operation({
    ...common,
    access: 'write',
    scope: 'snapshots.write',
    name: 'snapshots.describeVersion',
    title: 'Name a Version',
    description:
      'A name for a version ("Black Friday forms"), and a note about it. What it holds cannot be changed. Null ' +
      'takes a name or a note away.',
    http: 'PUT /snapshots/:snapshotId/versions/:version',
    query: ['companyId'],
    input: Type.Object(
      {
        ...one,
        version: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
        name: Type.Optional(Type.Union([Name(), Type.Null()])),
        note: Type.Optional(Type.Union([Type.String({ minLength: 1, maxLength: 5_000 }), Type.Null()])),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ version: VersionAnswer }),
    async run(ctx, { snapshotId, version, name, note }) {
      const snapshot = await getSnapshot(ctx.tx, ctx.agencyId, snapshotId, { lock: 'share' })
      return { version: toVersionAnswer(await describeVersion(ctx.tx, snapshot, version, { name, note })) }
    },
  }),
  operation({
    ...reads,
    name: 'snapshots.standing',
    title: 'List where Versions Are',
    description:
      'Which version of the snapshot each sub-account has, and how many are newer. Sub-accounts that no push has ' +
      'brought it to, or that were rolled back, are left out; pushes of ' +
      'single assets do not count, and are told in `others`.',
    http: 'GET /snapshots/:snapshotId/standing',
    input: Type.Object(
      { ...one, limit: Limit(100, 1000), after: Type.Optional(Id()) },
      { additionalProperties: false },
    ),
    output: Type.Object({
      locations: Type.Array(
        Noun('Standing', {
          locationId: Type.String(),
          locationName: LocationName(),
          version: Type.Integer(),
          behind: Type.Integer({ description: 'Versions that are newer.' }),
          status: Type.Enum(['completed', 'partial'], { description: 'Whether all of it arrived.' }),
          pushId: Type.String({ description: 'The push that brought it.' }),
          pushedAt: Instant(),
          others: OtherVersions(),
        }),
      ),
      after: After(),
    }),
    async run(ctx, { snapshotId, limit = 100, after }) {
      const snapshot = await getSnapshot(ctx.db, ctx.agencyId, snapshotId)
      const locations = await readStanding(ctx.db, snapshot, { within: isLetInto(ctx.caller), limit, after })
      const othersOf = await readOthers(ctx.db, ctx.agencyId, locations)
      return {
        locations: locations.map(({ status, ...location }) => ({
          ...location,
          others: othersOf(location),
          status: status as 'completed',
          pushedAt: location.pushedAt.toISOString(),
        })),
        after: locations.length < limit ? null : (locations.at(-1)?.locationId ?? null),
      }
    },
  }),
]
