import { Type } from 'typebox'
import { isFound } from '../../auth/location-lists.ts'
import { invalid } from '../../errors.ts'
import { countBroken } from '../../snapshots/broken-counts.ts'
import { FLEET_SORTS, FLEET_STATES, type FleetSort, type FleetState, readFleet } from '../../snapshots/fleet.ts'
import { operation } from '../define.ts'
import { Id, Instant, Limit, LocationName, Noun, SHIFTING, Skip } from '../schemas.ts'
import { FleetStateName, fleetFilter, OtherVersions, readOthers } from '../snapshots/index.ts'

const FleetLocation = Noun('FleetLocation', {
  locationId: Type.String(),
  locationName: LocationName(),
  state: FleetStateName(),
  snapshots: Type.Array(
    Type.Object({
      snapshotId: Type.String(),
      name: Type.String(),
      version: Type.Integer({ description: 'The version that stands there.' }),
      latest: Type.Integer({ description: 'The newest version that there is.' }),
      status: Type.Enum(['completed', 'partial'], { description: 'Whether all of it arrived.' }),
      pushId: Type.String(),
      pushedAt: Instant(),
      others: OtherVersions(),
    }),
  ),
  drifted: Type.Integer({ description: 'Assets edited or deleted there since they were pushed.' }),
  broken: Type.Union([Type.Integer(), Type.Null()], {
    description: 'References that lead nowhere, as counted last: within seconds of a change. Null: not counted yet.',
  }),
  lastPush: Type.Union([
    Type.Object({
      pushId: Type.String(),
      snapshotName: Type.Union([Type.String(), Type.Null()]),
      version: Type.Integer(),
      status: Type.String(),
      isRollback: Type.Boolean(),
      at: Instant(),
    }),
    Type.Null(),
  ]),
  lastChangeAt: Type.Union([Instant(), Type.Null()], {
    description: 'When anything was written there last, by whomever.',
  }),
})

/** A broken reference costs a look into each document of its location: so many locations at a time. */
const MOST_BROKEN = 200

/** How all sub-accounts stand. */
export const fleetList = operation({
  category: 'Snapshots',
  name: 'fleet.list',
  title: 'List the Fleet',
  description:
    'How each sub-account of the agency stands: what was pushed there and in which version, what drifted from it, what ' +
    'happened last. `totals` counts by state whatever state is asked for.',
  access: 'read',
  token: 'agency',
  scope: ['snapshots.readonly', 'snapshots.write'],
  http: 'GET /fleet',
  input: Type.Object(
    {
      companyId: Id(),
      ...fleetFilter,
      sort: Type.Optional(Type.Enum([...FLEET_SORTS], { description: 'Default `name`.' })),
      order: Type.Optional(Type.Enum(['asc', 'desc'])),
      broken: Type.Optional(
        Type.Boolean({
          description: `Count references that lead nowhere now: of ${MOST_BROKEN} sub-accounts at most (\`limit\`).`,
        }),
      ),
      skip: Skip(SHIFTING),
      limit: Limit(100, 1000),
    },
    { additionalProperties: false },
  ),
  output: Type.Object({
    locations: Type.Array(FleetLocation),
    total: Type.Integer({ description: 'How many there are in the state asked for, on this page and all others.' }),
    withBroken: Type.Integer({ description: 'Those where references lead nowhere, in whichever state.' }),
    totals: Type.Object(Object.fromEntries(FLEET_STATES.map((state) => [state, Type.Optional(Type.Integer())]))),
  }),
  async run(ctx, { query, snapshotId, state, hasBroken, sort, order, broken = false, skip = 0, limit = 100 }) {
    if (broken && limit > MOST_BROKEN) throw invalid([`limit: at most ${MOST_BROKEN} together with broken`])
    const { locations, totals, withBroken } = await readFleet(ctx.db, {
      agencyId: ctx.agencyId,
      within: isFound({ agencyId: ctx.agencyId, caller: ctx.caller, locationId: null, query }),
      snapshotId,
      state: state as FleetState | undefined,
      hasBroken,
      sort: (sort ?? 'name') as FleetSort,
      order: (order ?? 'asc') as 'asc' | 'desc',
      skip,
      limit,
    })
    const counts = broken
      ? await countBroken(
          ctx.db,
          locations.map(({ locationId }) => locationId),
        )
      : null
    const othersOf = await readOthers(
      ctx.db,
      ctx.agencyId,
      locations.flatMap(({ locationId, snapshots }) => snapshots.map(({ pushId }) => ({ locationId, pushId }))),
    )
    return {
      locations: locations.map(({ lastChangeAt, snapshots, ...location }) => ({
        ...location,
        snapshots: snapshots.map((one) => ({ ...one, others: othersOf({ ...location, ...one }) })),
        broken: counts === null ? location.broken : (counts.get(location.locationId) ?? 0),
        lastChangeAt: lastChangeAt?.toISOString() ?? null,
      })) as never,
      total: state === undefined ? sum(Object.values(totals)) : (totals[state as FleetState] ?? 0),
      totals,
      withBroken,
    }
  },
})

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
