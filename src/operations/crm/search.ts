import { sql } from 'kysely'
import { type Static, Type } from 'typebox'
import {
  allOf,
  byCreation,
  byUpdate,
  matchesWords,
  type OrderKey,
  pageRecords,
  type RecordDocument,
} from '../../store/records/index.ts'
import { withHeaders } from '../answer.ts'
import { type Context, operation } from '../define.ts'
import { at, CrmObject, reads, typePath } from './declare.ts'
import { journalOffset } from './journal-offset.ts'
import { foldedOf, numberOf } from './property-sql.ts'
import { refused } from './refusals.ts'
import { Filter, toCondition } from './search-filters.ts'
import { recallPlace, rememberPlace, walkOf } from './search-walks.ts'
import { settle } from './settled.ts'
import { openShelf, type Shelf } from './shelf.ts'
import { showObjects } from './show.ts'

// wire/hubspot.md, "CRM objects ...": Search.
const [MOST_GROUPS, MOST_IN_GROUP, MOST_FILTERS] = [5, 6, 18]
const [STANDARD, MOST] = [10, 200]
const MOST_RESULTS = 10_000

const Sort = Type.Union([
  Type.String({ minLength: 1, maxLength: 200 }),
  Type.Object({
    propertyName: Type.String({ minLength: 1, maxLength: 200 }),
    direction: Type.Optional(Type.Enum(['ASCENDING', 'DESCENDING'])),
  }),
])

const Filters = () => Type.Array(Filter, { maxItems: MOST_IN_GROUP })

const input = Type.Object({
  ...typePath,
  filterGroups: Type.Optional(
    Type.Array(Type.Object({ filters: Type.Optional(Filters()) }), { maxItems: MOST_GROUPS }),
  ),
  filters: Type.Optional(Filters()),
  sorts: Type.Optional(Type.Array(Sort, { maxItems: 1 })),
  query: Type.Optional(Type.String({ maxLength: 3000 })),
  properties: Type.Optional(Type.Array(Type.String({ maxLength: 200 }), { maxItems: 1000 })),
  limit: Type.Optional(Type.Integer({ minimum: 0, maximum: MOST, description: 'Default 10.' })),
  after: Type.Optional(
    Type.Union([Type.String({ maxLength: 20 }), Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })]),
  ),
})
type Input = Static<typeof input>

export const searchOperation = operation({
  ...reads,
  ...at('POST', '/search'),
  name: 'crmObjects.search',
  kind: 'trigger',
  title: 'Search Objects',
  description:
    'Objects that meet one of the groups of filters. What was acknowledged is found. By the last change, nothing that ' +
    'is written meanwhile is missed by whoever reads on.',
  input,
  output: Type.Object({
    total: Type.Integer(),
    results: Type.Array(CrmObject),
    paging: Type.Optional(Type.Object({ next: Type.Object({ after: Type.String() }) })),
  }),
  async run(ctx, asked) {
    const shelf = await openShelf(ctx, asked.objectType, 'read')
    const offset = await journalOffset(ctx)
    const { total, records, next } = await find(ctx, shelf, asked)
    return withHeaders(offset, {
      total,
      results: await showObjects(ctx, shelf, records, { properties: asked.properties }),
      ...(next === undefined ? {} : { paging: { next: { after: String(next) } } }),
    })
  },
})

async function find(ctx: Context, shelf: Shelf, asked: Input) {
  const { filterGroups = [], filters = [], sorts = [], query = '', limit = STANDARD } = asked
  const groups = [...filterGroups.map((group) => ({ filters: group.filters ?? [] })), { filters }].filter(
    (group) => group.filters.length > 0,
  )
  if (groups.flatMap((group) => group.filters).length > MOST_FILTERS)
    throw refused(`At most ${MOST_FILTERS} filters can be asked for at once`)
  const after = toPlace(asked.after)
  if (after + limit > MOST_RESULTS)
    throw refused(`A search answers ${MOST_RESULTS} results at most: ask for fewer, with another filter`)
  const condition = toCondition(shelf, groups)
  const words = query.trim() === '' ? null : (matchesWords(shelf.locationId, query) ?? sql<boolean>`false`)
  const where = allOf([shelf.where, ...(condition === null ? [] : [condition]), ...(words === null ? [] : [words])])
  const order = toOrder(shelf, sorts[0])
  const walk = walkOf(ctx, shelf.type.typeId, { groups, sorts, query })
  const behind = after === 0 ? null : await recallPlace(ctx, walk, after)
  const read = (untilMs?: number) =>
    pageRecords<RecordDocument>(ctx.db, shelf.resource, shelf.locationId, {
      where: untilMs === undefined ? where : allOf([where, sql<boolean>`updated_at <= ${new Date(untilMs)}`]),
      order: [order],
      limit: limit + 1,
      ...(behind === null ? { skip: after } : { after: behind }),
    })
  const page = await settledPage(ctx, {
    read,
    followsChanges: asksForChanges(shelf, groups, sorts),
    goesOnByChange: sorts.length > 0 && isLastChange(shelf, sortOf(sorts[0] as Sorting).name),
  })
  const records = page.records.slice(0, limit)
  const hasMore = page.records.length > limit && limit > 0
  const last = records.at(-1)
  if (hasMore && last !== undefined) await rememberPlace(ctx, walk, after + limit, last.cursor)
  return { total: page.total, records, next: hasMore ? after + limit : undefined }
}

interface Reading {
  /** `untilMs`: only what was changed at or before this moment. */
  read: (untilMs?: number) => ReturnType<typeof pageRecords<RecordDocument>>
  followsChanges: boolean
  /** In the order of their changes: what is left out now comes behind the newest that is shown. */
  goesOnByChange: boolean
}

/**
 * Whoever asks for changes hears of all up to the newest in the answer, also of those whose writers take their time.
 * What is newer has come while these were waited for, and writers as young as it may still be under way.
 */
async function settledPage(ctx: Context, { read, followsChanges, goesOnByChange }: Reading) {
  const page = await read()
  if (!followsChanges || page.records.length === 0) return page
  const newestMs = Math.max(...page.records.map(({ updatedAt }) => updatedAt.getTime()))
  return (await settle(ctx.db, ctx.clock, newestMs)) ? read(goesOnByChange ? newestMs : undefined) : page
}

type Sorting = NonNullable<Input['sorts']>[number]

const isLastChange = ({ map }: Shelf, name: string): boolean => {
  const place = map.find(name)?.place
  return place?.in === 'row' && place.column === 'updatedAt'
}

function asksForChanges(
  shelf: Shelf,
  groups: readonly { filters: readonly { propertyName: string }[] }[],
  sorts: readonly Sorting[],
): boolean {
  const names = [
    ...groups.flatMap(({ filters }) => filters.map(({ propertyName }) => propertyName)),
    ...sorts.map((sort) => sortOf(sort).name),
  ]
  return names.some((name) => isLastChange(shelf, name))
}

/** `name`, `-name`, or an object. */
function sortOf(sort: Static<typeof Sort>): { name: string; descending: boolean } {
  if (typeof sort !== 'string') return { name: sort.propertyName, descending: sort.direction === 'DESCENDING' }
  return { name: sort.replace(/^-/, ''), descending: sort.startsWith('-') }
}

function toOrder({ map }: Shelf, sort: Static<typeof Sort> | undefined): OrderKey {
  if (sort === undefined) return byCreation()
  const { name, descending } = sortOf(sort)
  const property = map.find(name)
  if (property === null) throw refused(`There was a problem with the request: property "${name}" does not exist`)
  const { place, type } = property
  const direction = descending ? 'desc' : 'asc'
  if (place.in === 'row' && place.column === 'createdAt') return byCreation(direction)
  if (place.in === 'row' && place.column === 'updatedAt') return byUpdate(direction)
  if (place.in === 'row') return { key: sql`object_id`, type: 'number', descending, nullable: false }
  if (type === 'number') return { key: numberOf(property), type: 'number', descending, nullable: true }
  return { key: foldedOf(property), type: 'text', descending, nullable: true }
}

/** How many were seen before. */
function toPlace(after: string | number | undefined): number {
  const place = after === undefined || after === '' ? 0 : Number(after)
  if (!Number.isSafeInteger(place) || place < 0) throw refused(`after is not one of this search: ${after}`)
  return place
}
