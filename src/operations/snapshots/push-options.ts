import type { Static } from 'typebox'
import type { Db } from '../../db/pool.ts'
import { invalid } from '../../errors.ts'
import { checkOptions, namesAssets } from '../../snapshots/check-options.ts'
import { checkStages } from '../../snapshots/check-stages.ts'
import type { PushOptions } from '../../snapshots/options.ts'
import { readEntries, readGoneEntries, type SnapshotRow } from '../../snapshots/snapshots.ts'
import type { Context } from '../define.ts'
import type { PushInput } from './push-inputs.ts'

/** What a push is asked for, whatever line it came through. */
export type PushRequest = Pick<
  Static<typeof PushInput>,
  | 'locationIds'
  | 'filter'
  | 'except'
  | 'version'
  | 'policy'
  | 'policies'
  | 'deletions'
  | 'matches'
  | 'decisions'
  | 'only'
  | 'stages'
  | 'planHash'
>

/** The options of a request. 422 for whatever names a kind that is none. */
export function readOptions(ctx: Context, request: PushRequest): PushOptions {
  const { policies = {}, only = [], matches = [], decisions = [] } = request
  const unknown = [
    ...Object.keys(policies).map((name) => [`policies.${name}`, name.split('/')[0]]),
    ...only.map(({ kind }, index) => [`only[${index}].kind`, kind]),
    ...matches.map(({ kind }, index) => [`matches[${index}].kind`, kind]),
    ...decisions.map(({ kind }, index) => [`decisions[${index}].kind`, kind]),
  ].filter(([, kind]) => !ctx.resources.has(kind as string))
  if (unknown.length > 0)
    throw invalid(unknown.map(([path]) => `${path} names no kind of asset: ${[...ctx.resources.keys()].join(', ')}`))
  return {
    policy: (request.policy ?? 'merge') as PushOptions['policy'],
    policies: policies as PushOptions['policies'],
    deletions: request.deletions ?? false,
    matches,
    ...(decisions.length === 0 ? {} : { decisions: decisions as PushOptions['decisions'] & object }),
    ...(request.only === undefined ? {} : { only }),
    ...(request.stages === undefined ? {} : { stages: request.stages }),
  }
}

interface Checked {
  snapshot: SnapshotRow
  version: number
  locationIds: readonly string[]
  options: PushOptions
}

/** The options as they are carried out. 422 for those that name assets or stages which are not there. */
export async function checkedOptions(
  db: Db,
  { snapshot, version, locationIds, options }: Checked,
): Promise<PushOptions> {
  if (namesAssets(options)) {
    const entries = await readEntries(db, snapshot.id, version)
    const goneLineages = await readGoneEntries(db, snapshot.id, version)
    await checkOptions(db, { entries, locationIds, options, goneLineages })
  }
  if (options.stages === undefined) return options
  const { id: snapshotId, sourceLocationId } = snapshot
  return {
    ...options,
    stages: await checkStages(db, { snapshotId, sourceLocationId, version, locationIds, stages: options.stages }),
  }
}
