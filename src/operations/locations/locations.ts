import { Type } from 'typebox'
import { createLocation, deleteLocation, getLocation, updateLocation } from '../../auth/locations.ts'
import { AppError, invalid } from '../../errors.ts'
import { findBrokenReferences } from '../../snapshots/broken.ts'
import { getSnapshot } from '../../snapshots/snapshots.ts'
import { settleRefs } from '../../store/records/index.ts'
import { type Context, operation } from '../define.ts'
import { Id, Name, Noun } from '../schemas.ts'
import { pushVersion } from '../snapshots/index.ts'
import { Synchronised, synchroniseLocation } from './synchronise.ts'
import { checkTimezone, details, LocationAnswer, PushedLocationAnswer, toAnswer, toDocument } from './wire.ts'

export const common = { category: 'Locations' } as const

async function pushTo(
  ctx: Context,
  locationId: string,
  snapshotId: string,
  override: boolean,
): Promise<{ pushId: string; version: number }> {
  const snapshot = await getSnapshot(ctx.tx, ctx.agencyId, snapshotId, { lock: 'share' })
  const { id, version } = await pushVersion(ctx, snapshot, {
    locationIds: [locationId],
    policy: override ? 'override' : 'merge',
  })
  return { pushId: id, version }
}

export const locationOperations = [
  operation({
    ...common,
    name: 'locations.get',
    title: 'Get Location',
    description: 'One sub-account with its address, contact details and settings.',
    access: 'read',
    token: 'either',
    scope: ['locations.readonly', 'locations.write'],
    http: 'GET /locations/:locationId',
    input: Type.Object({ locationId: Id() }, { additionalProperties: false }),
    output: Type.Object({ location: LocationAnswer, traceId: Type.String() }),
    async run(ctx, { locationId }) {
      return { location: toAnswer(await getLocation(ctx.db, ctx.agencyId, locationId)), traceId: ctx.traceId }
    },
  }),
  operation({
    ...common,
    name: 'locations.create',
    title: 'Create Location',
    description:
      'Makes a sub-account of the company `companyId`. With `snapshotId`, a push of that snapshot to it starts at ' +
      'once: the answer ' +
      'tells its `pushId`. With `location_id`, the name of the location in another program, it is the line of the ' +
      'connection guide: ' +
      'makes or updates the location of that name (201 or 200). A location token can mean its own location only.',
    access: 'write',
    token: 'either',
    scope: 'locations.write',
    http: 'POST /locations/',
    versionless: 'unslashed',
    query: ['locationId'],
    foreign: ['location_id'],
    input: Type.Object(
      {
        companyId: Type.Optional(Id('Needed, unless `location_id` is there.')),
        locationId: Type.Optional(
          Id('Clients of the connection guide name one beside an agency token. Which is meant says `location_id`.'),
        ),
        location_id: Type.Optional(Id('What another program calls the location.')),
        name: Name(),
        ...details,
        snapshotId: Type.Optional(Id()),
      },
      { additionalProperties: false },
    ),
    output: Type.Union([PushedLocationAnswer, Synchronised]),
    async run(ctx, { companyId, locationId: _, location_id: externalId, snapshotId, name, ...rest }) {
      if (externalId !== undefined) {
        if (snapshotId !== undefined) throw invalid(['snapshotId cannot stand beside location_id'])
        return synchroniseLocation(ctx, externalId, { name, details: rest })
      }
      if (ctx.caller.locationId !== null) throw new AppError('token_kind', { needed: 'an agency token' })
      if (companyId === undefined) throw invalid(['companyId should not be empty'])
      const row = await createLocation(
        ctx.tx,
        { agencyId: ctx.agencyId, name, timezone: checkTimezone(rest.timezone), doc: toDocument(rest) },
        ctx.author.atMs,
      )
      const started = snapshotId === undefined ? {} : await pushTo(ctx, row.id, snapshotId, false)
      return { ...toAnswer(row), ...started }
    },
  }),
  operation({
    ...common,
    name: 'locations.update',
    title: 'Update Location',
    description:
      'Replaces the properties that the body names. With `snapshot`, a push to the location starts: `override` ' +
      'replaces what is in conflict.',
    access: 'write',
    token: 'agency',
    scope: 'locations.write',
    http: 'PUT /locations/:locationId',
    input: Type.Object(
      {
        locationId: Id(),
        companyId: Id(),
        name: Type.Optional(Name()),
        ...details,
        snapshot: Type.Optional(
          Type.Object({ id: Id(), override: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
        ),
      },
      { additionalProperties: false },
    ),
    output: PushedLocationAnswer,
    async run(ctx, { locationId, companyId: _, snapshot, name, ...rest }) {
      const row = await getLocation(ctx.tx, ctx.agencyId, locationId)
      const timezone = rest.timezone === undefined ? row.timezone : checkTimezone(rest.timezone)
      const changed = await updateLocation(
        ctx.tx,
        row,
        { name: name ?? row.name, timezone, doc: { ...row.doc, ...toDocument(rest) } },
        ctx.author.atMs,
      )
      const started =
        snapshot === undefined ? {} : await pushTo(ctx, locationId, snapshot.id, snapshot.override ?? false)
      return { ...toAnswer(changed), ...started }
    },
  }),
  operation({
    ...common,
    name: 'locations.delete',
    title: 'Delete Location',
    description: 'The sub-account disappears, its tokens stop working, and nobody works in it any longer.',
    access: 'destructive',
    token: 'agency',
    scope: 'locations.write',
    http: 'DELETE /locations/:locationId',
    input: Type.Object(
      { locationId: Id(), deleteTwilioAccount: Type.Optional(Type.Boolean()) },
      { additionalProperties: false },
    ),
    output: Type.Object({ success: Type.Boolean(), message: Type.String() }),
    async run(ctx, { locationId }) {
      await deleteLocation(ctx.tx, await getLocation(ctx.tx, ctx.agencyId, locationId), ctx.author.atMs)
      await settleRefs({ ...ctx.scope, locationId: ctx.agencyId }, 'locations', [locationId])
      return { success: true, message: `Deleted location with id: ${locationId}` }
    },
  }),
  operation({
    ...common,
    name: 'locations.brokenReferences',
    title: 'List Broken References',
    description:
      'References inside the assets of a location that lead nowhere. In the documents they read `missing:<kind>:<lineage>`.',
    access: 'read',
    token: 'either',
    scope: ['locations.readonly', 'locations.write'],
    http: 'GET /locations/:locationId/broken-references',
    input: Type.Object({ locationId: Id() }, { additionalProperties: false }),
    output: Type.Object({
      brokenReferences: Type.Array(
        Noun('BrokenReference', {
          kind: Type.String(),
          id: Type.String(),
          name: Type.String(),
          missingKind: Type.String(),
          missingLineage: Type.String(),
          missingName: Type.Optional(Type.String({ description: 'What it was called, where that is remembered.' })),
          value: Type.String(),
        }),
      ),
    }),
    async run(ctx, { locationId }) {
      const partKinds = [...ctx.resources.values()]
        .filter(({ parts }) => Object.keys(parts).length > 0)
        .map(({ kind }) => kind)
      return { brokenReferences: await findBrokenReferences(ctx.db, locationId, partKinds) }
    },
  }),
]
