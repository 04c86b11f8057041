import { sql } from 'kysely'
import { Type } from 'typebox'
import { type Caller, mayRead } from '../../auth/caller.ts'
import { isLetInto } from '../../auth/installs.ts'
import { RESOURCES } from '../../resources/index.ts'
import { contacts } from '../../resources/records/contacts.ts'
import { RECORDS } from '../../resources/records/index.ts'
import { namesOfActors } from '../../snapshots/actor-names.ts'
import { readRecent } from '../../snapshots/recent.ts'
import { operation } from '../define.ts'
import { Actor, After, Id, Instant, Kind, Limit, LocationName, Noun } from '../schemas.ts'

/** Kinds whose histories the caller may read; null: all there are. */
function readableKinds(caller: Caller): string[] | null {
  if (caller.scopes.includes('*')) return null
  return [...RESOURCES.values(), ...RECORDS.values()].filter((one) => mayRead(caller, one)).map(({ kind }) => kind)
}

/** What changed lately, across the agency. */
export const fleetChanges = operation({
  category: 'Snapshots',
  name: 'fleet.changes',
  title: 'List Recent Changes',
  description:
    'What changed lately in any sub-account, newest first: what one request or one push did is one entry. Of kinds that ' +
    'the token may read. An entry whose changes go on beyond `limit` is told again, with the rest, on the next page.',
  access: 'read',
  token: 'agency',
  scope: ['snapshots.readonly', 'snapshots.write'],
  http: 'GET /fleet/changes',
  input: Type.Object(
    {
      companyId: Id(),
      locationId: Type.Optional(Id('Only there.')),
      kind: Type.Optional(Kind('Only of this kind of asset or record.')),
      limit: Limit(100, 200),
      after: Type.Optional(
        Type.String({ format: 'uuid', maxLength: 36, description: 'What the page before told as `after`.' }),
      ),
    },
    { additionalProperties: false },
  ),
  output: Type.Object({
    changes: Type.Array(
      Noun('RecentChanges', {
        at: Instant(),
        ...Actor,
        cause: Type.Union([Type.String(), Type.Null()]),
        changes: Type.Integer({ description: 'How many, on this page.' }),
        kinds: Type.Record(Type.String(), Type.Integer(), { description: 'How many of each kind.' }),
        locations: Type.Array(Type.Object({ locationId: Type.String(), locationName: LocationName() })),
        sample: Type.Array(
          Type.Object({
            id: Type.String(),
            locationId: Type.String(),
            locationName: LocationName(),
            kind: Type.String(),
            entityId: Type.String(),
            name: Type.Union([Type.String(), Type.Null()], {
              description:
                'What it is called, or whose it is: a conversation has the name of its contact. Null: nothing says.',
            }),
            op: Type.String(),
          }),
          { description: 'The newest five.' },
        ),
      }),
    ),
    after: After(),
  }),
  async run(ctx, { locationId, kind, limit = 100, after: before }) {
    const readable = readableKinds(ctx.caller)
    const kinds = kind === undefined ? readable : readable === null || readable.includes(kind) ? [kind] : []
    const { groups, after } = await readRecent(ctx.db, {
      agencyId: ctx.agencyId,
      within: sql`${isLetInto(ctx.caller)} and (${locationId ?? null}::text is null or l.id = ${locationId ?? null})`,
      kinds,
      namesContacts: mayRead(ctx.caller, contacts),
      limit,
      before,
    })
    const names = await namesOfActors(
      ctx.db,
      groups.map(({ actor }) => actor),
    )
    return {
      changes: groups.map((group) => ({
        ...group,
        at: group.at.toISOString(),
        actorName: names.get(group.actor) ?? null,
      })),
      after,
    }
  },
})
