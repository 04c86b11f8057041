import { Type } from 'typebox'
import {
  CONNECTION_SORTS,
  type ConnectionSort,
  listAllConnections,
  MOST_FAILED,
  STANDINGS,
  type Standing,
} from '../../connect/index.ts'
import { operation } from '../define.ts'
import { Id, Limit, Noun, SHIFTING, Skip } from '../schemas.ts'
import { common, connection, READ, RunAnswer, toConnection, toRun } from './wire.ts'

const StandingName = () =>
  Type.Enum([...STANDINGS], {
    description:
      'Its state; of those that are live, `failing` where the last that came could not be written; of files: where nothing ' +
      'of the last one could be.',
  })

const PlacedConnection = Noun('PlacedConnection', {
  ...connection,
  locationName: Type.Union([Type.String(), Type.Null()], {
    description: 'What people call the sub-account. Null: it is the agency’s own.',
  }),
  standing: StandingName(),
  failedRows: Type.Integer({
    description: `Rows that could not be written and wait for somebody, ${MOST_FAILED.toLocaleString('en')} at most.`,
  }),
  lastRun: Type.Union([RunAnswer, Type.Null()], { description: 'The newest that was no dry run.' }),
})

export const overviewOperations = [
  operation({
    ...common,
    name: 'connections.listAll',
    title: 'List All Connections',
    description:
      'The connections of all locations that the caller may reach, and those of the agency itself, with how it goes with ' +
      'each. `totals` counts by standing whatever standing is asked for.',
    access: 'read',
    token: 'agency',
    scope: READ,
    http: 'GET /connections/all',
    input: Type.Object(
      {
        companyId: Id(),
        locationId: Type.Optional(Id('Only those of this location.')),
        own: Type.Optional(Type.Boolean({ description: 'Only those of the agency itself.' })),
        query: Type.Optional(
          Type.String({
            maxLength: 200,
            description: 'Part of its name, or of what its location is called; or an id of either.',
          }),
        ),
        standing: Type.Optional(StandingName()),
        sort: Type.Optional(
          Type.Enum([...CONNECTION_SORTS], { description: 'Default `standing`: the most pressing first.' }),
        ),
        order: Type.Optional(Type.Enum(['asc', 'desc'])),
        skip: Skip(SHIFTING),
        limit: Limit(100, 500),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({
      connections: Type.Array(PlacedConnection),
      total: Type.Integer({
        description: 'How many there are of the standing asked for, on this page and all others.',
      }),
      totals: Type.Object(Object.fromEntries(STANDINGS.map((one) => [one, Type.Optional(Type.Integer())]))),
    }),
    async run(ctx, { locationId, own = false, query: text, standing, sort, order, skip = 0, limit = 100 }) {
      const { connections, totals } = await listAllConnections(ctx.db, ctx.caller, {
        locationId,
        isOwn: own,
        text,
        standing: standing as Standing | undefined,
        sort: (sort ?? 'standing') as ConnectionSort,
        order: (order ?? 'asc') as 'asc' | 'desc',
        skip,
        limit,
      })
      return {
        connections: connections.map(({ connection: one, locationName, standing: stands, failed, lastRun }) => ({
          ...toConnection(one),
          locationName,
          standing: stands,
          failedRows: failed,
          lastRun: lastRun && toRun(lastRun),
        })),
        total: standing === undefined ? sum(Object.values(totals)) : (totals[standing as Standing] ?? 0),
        totals,
      }
    },
  }),
]

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
