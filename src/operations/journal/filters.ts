import { type Static, Type } from 'typebox'
import { AppError, invalid } from '../../errors.ts'
import {
  type Condition,
  createFilter,
  deleteFilter,
  findFilter,
  findSubscription,
  listFilters,
  needsValue,
  needsValues,
  OPERATORS,
  type Operator,
} from '../../journal/index.ts'
import { loadPropertyMaps, type Property, type PropertyMap, toMoment } from '../../objects/index.ts'
import { withStatus } from '../answer.ts'
import { operation } from '../define.ts'
import { linesOf } from './lines.ts'
import { appOf, ConditionInput, common, FilterAnswer, Input, Int64, SCOPES, toFilter } from './wire.ts'

/** Of one subscription. */
const MOST_FILTERS = 20

/** Whether a property can have such a value: what is compared with a number or a moment must be one. */
const canBe = ({ type }: Property, value: string): boolean =>
  type === 'number'
    ? value.trim() !== '' && Number.isFinite(Number(value))
    : (type !== 'date' && type !== 'datetime') || toMoment(value.trim()) !== null

/** Operators that look at pieces of texts, whatever these mean. */
const OF_PIECES: readonly string[] = ['CONTAINS', 'STARTS_WITH', 'ENDS_WITH']

/** What is wrong with conditions, one line each, and what they are once they are in order. */
function read(
  conditions: readonly Static<typeof ConditionInput>[],
  map: PropertyMap | undefined,
): { faults: string[]; read: Condition[] } {
  const faults: string[] = []
  const found = conditions.map((one, index): Condition => {
    const { value, values } = one
    const property = map?.find(one.property)
    const operator = one.operator as Operator
    const at = `filter.conditions[${index}]`
    if (!OPERATORS.includes(operator)) faults.push(`${at}.operator must be one of ${OPERATORS.join(', ')}`)
    else if (needsValues(operator) && (values ?? []).length === 0) faults.push(`${at}.values should not be empty`)
    else if (needsValue(operator) && value === undefined) faults.push(`${at}.value should not be empty`)
    if (map !== undefined && !property)
      faults.push(`${at}.property: objects of type ${map.type.typeId} have no property ${one.property}`)
    const compared = needsValues(operator) ? (values ?? []) : value === undefined ? [] : [value]
    if (property && !OF_PIECES.includes(operator))
      for (const wrong of compared.map(String).filter((given) => !canBe(property, given)))
        faults.push(`${at}: ${wrong.slice(0, 100)} is no ${property.type}, as ${property.name} has`)
    return {
      filterType: 'CRM_OBJECT_PROPERTY',
      property: property?.name ?? one.property,
      operator,
      ...(value === undefined ? {} : { value: String(value) }),
      ...(values === undefined ? {} : { values: values.map(String) }),
    }
  })
  return { faults, read: found }
}

export const filterOperations = [
  operation({
    ...common,
    ...linesOf('subscriptions', 'POST', '/filters'),
    name: 'journalFilters.create',
    title: 'Filter a Journal Subscription',
    description:
      'Creations and changes are told only of records that pass all conditions of one of the filters of the ' +
      'subscription. Filters cannot be changed: make another and delete this one.',
    access: 'write',
    scope: SCOPES.subscriptionsWrite,
    input: Input({
      subscriptionId: Int64(),
      filter: Type.Object(
        { conditions: Type.Array(ConditionInput, { minItems: 1, maxItems: 50 }) },
        { additionalProperties: false },
      ),
    }),
    output: Type.Object({ filterId: Type.Integer() }),
    async run(ctx, { subscriptionId, filter }) {
      const appId = appOf(ctx)
      const subscription = await findSubscription(ctx.db, appId, subscriptionId)
      if (subscription === null) throw new AppError('not_found', { what: 'subscription', id: subscriptionId })
      const { locationId, objectTypeId: typeId } = subscription
      const [map] = (await loadPropertyMaps(ctx.db, [{ locationId, typeId }])).values()
      const { faults, read: conditions } = read(filter.conditions, map)
      if (subscription.type !== 'OBJECT') faults.push('subscriptionId: only subscriptions to objects have filters')
      if ((await listFilters(ctx.db, appId, subscriptionId)).length >= MOST_FILTERS)
        faults.push(`subscriptionId: a subscription has at most ${MOST_FILTERS} filters`)
      if (faults.length > 0) throw invalid(faults)
      return { filterId: (await createFilter(ctx.tx, subscription, conditions, ctx.clock.nowMs())).id }
    },
  }),
  operation({
    ...common,
    ...linesOf('subscriptions', 'GET', '/filters/subscription/:subscriptionId'),
    name: 'journalFilters.list',
    title: 'List the Filters of a Journal Subscription',
    access: 'read',
    scope: [SCOPES.subscriptionsRead, SCOPES.subscriptionsWrite],
    input: Input({ subscriptionId: Int64() }),
    output: Type.Array(FilterAnswer),
    async run(ctx, { subscriptionId }) {
      const subscription = await findSubscription(ctx.db, appOf(ctx), subscriptionId)
      if (subscription === null) throw new AppError('not_found', { what: 'subscription', id: subscriptionId })
      return (await listFilters(ctx.db, appOf(ctx), subscriptionId)).map(toFilter)
    },
  }),
  operation({
    ...common,
    ...linesOf('subscriptions', 'GET', '/filters/:filterId'),
    name: 'journalFilters.get',
    title: 'Get a Filter of a Journal Subscription',
    access: 'read',
    scope: [SCOPES.subscriptionsRead, SCOPES.subscriptionsWrite],
    input: Input({ filterId: Int64() }),
    output: FilterAnswer,
    async run(ctx, { filterId }) {
      const filter = await findFilter(ctx.db, appOf(ctx), filterId)
      if (filter === null) throw new AppError('not_found', { what: 'filter', id: filterId })
      return toFilter(filter)
    },
  }),
  operation({
    ...common,
    ...linesOf('subscriptions', 'DELETE', '/filters/:filterId'),
    name: 'journalFilters.delete',
    title: 'Delete a Filter of a Journal Subscription',
    access: 'destructive',
    scope: SCOPES.subscriptionsWrite,
    status: 204,
    input: Input({ filterId: Int64() }),
    output: Type.Unknown(),
    async run(ctx, { filterId }) {
      if (!(await deleteFilter(ctx.tx, appOf(ctx), filterId)))
        throw new AppError('not_found', { what: 'filter', id: filterId })
      return withStatus(204, null)
    },
  }),
]
