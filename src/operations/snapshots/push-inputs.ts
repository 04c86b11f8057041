import { Type } from 'typebox'
import { invalid } from '../../errors.ts'
import { FLEET_STATES } from '../../snapshots/fleet.ts'
import type { Context } from '../define.ts'
import { Id, KINDS, Kind } from '../schemas.ts'
import { planPage } from './plan-answers.ts'

const Policy = () =>
  Type.Enum(['merge', 'override', 'skip'], {
    description:
      '`merge` (default): what changed on one side only is taken from there, what collides is a conflict and stays ' +
      "the target's. `override`: the snapshot's side. `skip`: what differs is left alone.",
  })
export const FleetStateName = () =>
  Type.Enum([...FLEET_STATES], {
    description:
      '`running`: a push is under way. `failed`: the last push did not arrive whole. `drifted`: the client edited or ' +
      'deleted what was pushed. `behind`: there is a newer version of what stands there. `current`: none of these. ' +
      '`none`: no snapshot stands there. The first that applies.',
  })
const MOST_TARGETS = 100_000
const MOST_NAMED = 10_000

/** Assets that a push, a plan or a roll-back keeps to. */
export const Only = () =>
  Type.Optional(
    Type.Array(Type.Object({ kind: Kind(), lineage: Id() }, { additionalProperties: false }), {
      minItems: 1,
      maxItems: MOST_NAMED,
      description: 'Nothing but these assets is touched, each by the lineage it has in the snapshot.',
    }),
  )

export const PlanHash = () =>
  Type.Optional(Type.String({ maxLength: 64, description: 'Refuse with 409 unless the plan is still this one.' }))

/** Where opportunities go whose stage leaves. */
export const Stages = () =>
  Type.Optional(
    Type.Record(Type.String({ maxLength: 64 }), Type.Union([Id(), Type.Null()]), {
      maxProperties: MOST_NAMED,
      description:
        'Where opportunities go whose pipeline stage, or whole pipeline, leaves: the stage to another one, or to ' +
        'null (they stay without a stage). Stages are named by ' +
        'their lineage, or by their id in a target or in the source of the snapshot.',
    }),
  )

/** Which sub-accounts of the fleet are meant: what its list is filtered by. */
export const fleetFilter = {
  query: Type.Optional(Type.String({ maxLength: 200, description: 'A part of the name, in any case; or an id.' })),
  snapshotId: Type.Optional(Id('Only where this snapshot stands, and told of it alone.')),
  state: Type.Optional(FleetStateName()),
  hasBroken: Type.Optional(
    Type.Boolean({ description: 'Only where references lead nowhere, as counted last; false: only where none does.' }),
  ),
}

const pushInput = {
  companyId: Id(),
  snapshotId: Id(),
  locationIds: Type.Union([Type.Array(Id(), { minItems: 1, maxItems: MOST_TARGETS }), Type.Literal('all')], {
    description:
      'Sub-accounts, or "all": every one of the agency except the snapshot\'s source, as far as `filter` and `except` ' +
      'leave them.',
    examples: [['ve9EPM428h8vShlRW1KT']],
  }),
  filter: Type.Optional(
    Type.Object(
      { ...fleetFilter },
      {
        additionalProperties: false,
        description: 'Of "all": only those that the list of the fleet would hold. 422 beside ids.',
      },
    ),
  ),
  except: Type.Optional(
    Type.Array(Id(), { maxItems: MOST_NAMED, description: 'Of "all": all but these. 422 beside ids.' }),
  ),
  version: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'Default: the newest.' })),
  policy: Type.Optional(Policy()),
  policies: Type.Optional(
    Type.Record(Type.String({ maxLength: 128 }), Policy(), {
      description: `By kind, or for one asset by "kind/lineage". Kinds: ${KINDS}.`,
    }),
  ),
  deletions: Type.Optional(
    Type.Union([Type.Boolean(), Type.Literal('all')], {
      description:
        'Remove from the targets what left the snapshot: `true` what a push created, `"all"` also what the client ' +
        'had before the first push. Default: false.',
    }),
  ),
  matches: Type.Optional(
    Type.Array(
      Type.Object(
        { kind: Kind(), lineage: Id(), locationId: Type.Optional(Id()), id: Type.Union([Id(), Type.Null()]) },
        { additionalProperties: false },
      ),
      {
        maxItems: MOST_NAMED,
        description: 'Answers to ambiguities: which asset of the target the incoming one is; null for a new one.',
      },
    ),
  ),
  decisions: Type.Optional(
    Type.Array(
      Type.Object(
        {
          kind: Kind(),
          lineage: Id(),
          locationId: Type.Optional(Id('Only in this target. Default: in every one.')),
          conflict: Type.Optional(
            Type.String({
              maxLength: 64,
              description:
                'Only where it is this conflict, as the plan names it. Default: whatever the two sides say there.',
            }),
          ),
          path: Type.Optional(
            Type.String({
              minLength: 1,
              maxLength: 4_000,
              description: 'One field of the conflict, as the plan lists it. Default: all of them.',
            }),
          ),
          take: Type.Enum(['source', 'target'], {
            description: "`source`: the snapshot's side. `target`: the sub-account's.",
          }),
        },
        { additionalProperties: false },
      ),
      {
        maxItems: MOST_NAMED,
        description:
          'Whose side stands where both sides changed the same thing: of the fields that are in conflict, and of ' +
          'nothing else in the asset. The exactest counts. Where a policy is `override` or `skip`, nothing is in ' +
          'conflict.',
      },
    ),
  ),
  only: Only(),
  stages: Stages(),
}
export const PlanInput = Type.Object({ ...pushInput, ...planPage }, { additionalProperties: false })
export const PushInput = Type.Object(
  {
    ...pushInput,
    planHash: PlanHash(),
  },
  { additionalProperties: false },
)

/** 422 for a filter by a kind that there is not: an empty list would say that all is well. */
export function refuseStrangeKind({ resources }: Pick<Context, 'resources'>, kind: string | undefined): void {
  if (kind !== undefined && !resources.has(kind)) throw invalid([`kind: ${kind} is no kind of asset`])
}
