import { Type } from 'typebox'
import { namesOfLocations } from '../../auth/location-lists.ts'
import type { Db } from '../../db/pool.ts'
import type { Plan } from '../../snapshots/plan.ts'
import { type PlanFilter, PlanPage } from '../../snapshots/plan-pages.ts'
import type { Places } from '../../snapshots/target-order.ts'
import { After, Id, Kind, Limit, LocationName, Noun } from '../schemas.ts'
import { ActionName, ActionTotals } from './push-meanings.ts'

const LINES = 1_000

/** What of a plan is listed: query parameters, which change neither the plan nor its hash. */
export const planPage = {
  unchanged: Type.Optional(Type.Boolean({ description: 'List what stays as it is, too. Default: false.' })),
  limit: Limit(LINES, 10_000),
  after: Type.Optional(Type.String({ maxLength: 200, description: '`after` of the page before.' })),
  locationId: Type.Optional(Id('List this target only.')),
  query: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'List targets with this in their name, in any case; or an id.',
    }),
  ),
  kind: Type.Optional(Kind('List assets of this kind only.')),
  action: Type.Optional(ActionName('List assets with this action only. ')),
}
export const PLAN_QUERY = ['companyId', ...Object.keys(planPage)]

const named = { kind: Type.String(), lineage: Type.String(), name: Type.String() }
const Conflict = () =>
  Type.Optional(
    Type.String({
      description:
        'Names what collides, or did before it was decided: the same where the same fields do, with the same on both ' +
        'sides. `decisions` can be about it alone.',
    }),
  )
const Fields = Type.Array(
  Type.Object(
    { path: Type.String() },
    {
      additionalProperties: true,
      description:
        '`before` and `after` of what would be written; `base`, `target` and `source` of a conflict, with `take` where ' +
        'it is decided.',
    },
  ),
)

export const PlanAnswer = Noun('Plan', {
  hash: Type.String({
    description: 'Equal as long as version, options and everything the push would touch are equal.',
  }),
  version: Type.Integer(),
  totals: Type.Object({ ...ActionTotals().properties }, { description: 'Of all targets, whatever this page lists.' }),
  targets: Type.Array(
    Noun('PlanTarget', {
      locationId: Type.String(),
      locationName: LocationName(),
      totals: ActionTotals(),
      assets: Type.Array(
        Noun('PlannedAsset', {
          ...named,
          action: ActionName(),
          fields: Type.Optional(Fields),
          reason: Type.Optional(Type.String()),
          conflict: Conflict(),
        }),
      ),
      warnings: Type.Array(
        Noun('PlanWarning', {
          ...named,
          why: Type.String(),
          records: Type.Optional(
            Type.Object({ kind: Type.String(), count: Type.Integer() }, { description: 'Records that it concerns.' }),
          ),
          missing: Type.Optional(
            Type.Object(
              { kind: Type.String(), lineage: Type.String(), name: Type.Optional(Type.String()) },
              {
                description:
                  'What the asset would refer to, and what is not there: an asset, or a `part` (a stage, a step, a ' +
                  'field).',
              },
            ),
          ),
        }),
      ),
    }),
    { description: 'Changes by the names of targets, by kind and lineage, page by page.' },
  ),
  groups: Type.Array(
    Noun('PlanGroup', {
      key: Type.String(),
      ...named,
      action: ActionName(),
      fields: Fields,
      reason: Type.Optional(Type.String()),
      conflict: Conflict(),
      locations: Type.Integer({ description: 'Targets with this change.' }),
      sample: Type.Array(Type.String(), { description: 'Ids of the first of them.' }),
      sampleNames: Type.Array(Type.String(), { description: 'What those are called.' }),
    }),
    {
      description: 'Equal changes over all targets that the filters leave, most targets first: the same on every page.',
    },
  ),
  ungrouped: Type.Integer({
    description: 'Changes that stand in no listed group: there are more different ones than are listed.',
  }),
  after: After(),
  truncated: Type.Boolean({ description: 'Some assets are on no page.' }),
  brokenReferences: Type.Array(
    Type.Object({
      ...named,
      reference: Type.String(),
      missingName: Type.Optional(
        Type.String({ description: 'What the missing asset was called, where that is known.' }),
      ),
    }),
  ),
})

export type PageRequest = Omit<PlanFilter, 'limit' | 'places'> & {
  limit?: number | undefined
  /** A part of the name of targets. */
  query?: string | undefined
}

export const newPlanPage = (filter: PageRequest, places: Places) =>
  new PlanPage({ ...filter, places, limit: filter.limit ?? LINES })

/** The page of a plan that a caller asked for, with names. */
export async function toPlanAnswer(db: Db, plan: Plan, page: PlanPage) {
  const { targets: listed, groups, ungrouped, after } = page.result()
  const names = await namesOfLocations(db, [
    ...listed.map((target) => target.locationId),
    ...groups.flatMap((group) => group.sample),
  ])
  const nameOf = (locationId: string) => names.get(locationId) ?? locationId
  return {
    ...plan,
    targets: listed.map(({ locationId, ...target }) => ({ locationId, locationName: nameOf(locationId), ...target })),
    groups: groups.map((group) => ({ ...group, sampleNames: group.sample.map(nameOf) })),
    ungrouped,
    after,
    truncated: false,
  }
}
