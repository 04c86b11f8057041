import { type Static, Type } from 'typebox'
import {
  deleteSavedFilter,
  listSavedFilters,
  MOST_FILTERS,
  type SavedFilter,
  saveFilter,
} from '../../auth/saved-filters.ts'
import { AppError } from '../../errors.ts'
import { type Context, operation } from '../define.ts'
import { DONE, Done, Id, Instant, Name, Noun } from '../schemas.ts'
import { common } from './account.ts'

const Table = () => Type.String({ minLength: 1, maxLength: 64, description: 'Of the console: `records/contacts`.' })
const LocationId = () => Type.Optional(Id('The sub-account that it has to do with. Default: it means the same in all.'))

const MOST_FIELDS = 20
const Filter = () =>
  Type.Record(Type.String({ minLength: 1, maxLength: 50 }), Type.String({ maxLength: 500 }), {
    maxProperties: MOST_FIELDS,
    description: 'What the table is filtered by, as it stands in its address.',
  })

const Answer = Noun('SavedFilter', {
  id: Type.String(),
  table: Type.String(),
  locationId: Type.Union([Type.String(), Type.Null()]),
  name: Type.String(),
  filter: Type.Record(Type.String(), Type.String()),
  createdAt: Instant(),
})

const toAnswer = ({ locationId, createdAt, ...rest }: SavedFilter): Static<typeof Answer> => ({
  ...rest,
  locationId: locationId || null,
  createdAt: createdAt.toISOString(),
})

const personOf = (ctx: Context) => ctx.caller.person?.id ?? ''

/** Everybody's own, whatever their role: nobody else reads them. */
export const savedFilterOperations = [
  operation({
    ...common,
    name: 'savedFilters.list',
    title: 'List Own Saved Filters',
    description: 'What the caller has kept of a table: in a sub-account, and for all of them; by name.',
    access: 'read',
    http: 'GET /account/filters',
    input: Type.Object({ table: Table(), locationId: LocationId() }, { additionalProperties: false }),
    output: Type.Object({ filters: Type.Array(Answer) }),
    async run(ctx, { table, locationId = '' }) {
      return { filters: (await listSavedFilters(ctx.db, personOf(ctx), { table, locationId })).map(toAnswer) }
    },
  }),
  operation({
    ...common,
    name: 'savedFilters.save',
    title: 'Save a Filter',
    description: 'Keeps what a table is filtered by under a name. The same name again: what was there becomes this.',
    access: 'write',
    http: 'POST /account/filters',
    status: 201,
    input: Type.Object(
      { table: Table(), locationId: LocationId(), name: Name(), filter: Filter() },
      { additionalProperties: false },
    ),
    output: Type.Object({ filter: Answer }),
    async run(ctx, { table, locationId = '', name, filter }) {
      const saved = await saveFilter(ctx.tx, personOf(ctx), { table, locationId, name, filter }, ctx.clock.nowMs())
      if (saved === null)
        throw new AppError('bad_request', { reason: `You have ${MOST_FILTERS} saved filters already` })
      return { filter: toAnswer(saved) }
    },
  }),
  operation({
    ...common,
    name: 'savedFilters.delete',
    title: 'Delete a Saved Filter',
    access: 'destructive',
    http: 'DELETE /account/filters/:filterId',
    input: Type.Object({ filterId: Id() }, { additionalProperties: false }),
    output: Done(),
    async run(ctx, { filterId }) {
      if (!(await deleteSavedFilter(ctx.tx, personOf(ctx), filterId)))
        throw new AppError('not_found', { what: 'saved filter', id: filterId })
      return DONE
    },
  }),
]
