import { type Static, Type } from 'typebox'
import { type Conflict, cursorOf } from '../../snapshots/conflicts.ts'
import type { Take } from '../../snapshots/options.ts'
import { Id, Kind } from '../schemas.ts'
import type { Requested } from './planning.ts'

export const OUTCOMES = ['conflict', 'ambiguous'] as const

export const Decision = Type.Object(
  {
    locationId: Id(),
    kind: Kind(),
    lineage: Id(),
    path: Type.Optional(
      Type.String({ minLength: 1, maxLength: 4_000, description: 'One field of the conflict. Default: all of them.' }),
    ),
    take: Type.Optional(
      Type.Enum(['source', 'target'], {
        description: "Of a conflict. `source`: the snapshot's side. `target`: the sub-account's.",
      }),
    ),
    match: Type.Optional(
      Type.Union([Id(), Type.Null()], {
        description: 'Of an ambiguity: which of its candidates the incoming asset is; null: none of them, a new one.',
      }),
    ),
  },
  { additionalProperties: false },
)

type Decided = Static<typeof Decision>

/**
 * Decisions as the push that carries them out: to these assets of these sub-accounts alone. Fields are meant by identity
 * from here on, whatever their parts are called meanwhile.
 */
export function toRequest(
  decisions: readonly Decided[],
  open: ReadonlyMap<string, Conflict>,
): Pick<Requested, 'locationIds' | 'only' | 'matches' | 'takes'> {
  return {
    locationIds: decisions.map((decision) => decision.locationId),
    only: [...new Map(decisions.map(({ kind, lineage }) => [`${kind}/${lineage}`, { kind, lineage }])).values()],
    matches: decisions.flatMap(({ locationId, kind, lineage, match }) =>
      match === undefined ? [] : [{ locationId, kind, lineage, id: match }],
    ),
    takes: decisions.flatMap(
      ({ match: _, take = null, path, ...asset }): Take[] =>
        decidedFields(open.get(cursorOf(asset)), path, take)?.map((field) => ({
          ...asset,
          take,
          path: field.at ?? field.path,
        })) ?? [{ ...asset, take }],
    ),
  }
}

/** Those that read so: two parts may be called alike. */
const fieldsAt = (conflict: Conflict | undefined, path: string) =>
  conflict?.fields.filter((field) => field.path === path) ?? []

/**
 * The fields that a decision is about; undefined: the whole asset. The snapshot's side of all that waits is that of its
 * fields: what else the sub-account has changed stays.
 */
function decidedFields(conflict: Conflict | undefined, path: string | undefined, take: Take['take']) {
  if (path !== undefined) return fieldsAt(conflict, path)
  return take === 'source' && conflict !== undefined && conflict.fields.length > 0 ? conflict.fields : undefined
}

/**
 * Decisions about what is not open, about fields that are not in it, and about more than one version at once; answers
 * that do not fit.
 */
export function faultsOf(decisions: readonly Decided[], open: ReadonlyMap<string, Conflict>): string[] {
  const seen = new Map<string, number>()
  let version: number | undefined
  return decisions.flatMap((decision, index) => {
    const conflict = open.get(cursorOf(decision))
    if (conflict === undefined)
      return [
        `decisions[${index}]: no conflict of ${decision.kind}/${decision.lineage} is open in ${decision.locationId}`,
      ]
    const misfit = misfitOf(decision, conflict)
    if (misfit !== null) return [`decisions[${index}]${misfit}`]
    const { path } = decision
    if (path !== undefined && fieldsAt(conflict, path).length === 0)
      return [`decisions[${index}].path: ${path} is not in conflict`]
    version ??= conflict.version
    if (conflict.version !== version)
      return [
        `decisions[${index}]: a conflict with version ${conflict.version}, the ones before with version ` +
          `${version}: settle them apart`,
      ]
    const name = `${cursorOf(decision)}:${path ?? ''}`
    const twin = seen.get(name)
    if (twin !== undefined) return [`decisions[${index}]: decisions[${twin}] decides the same`]
    seen.set(name, index)
    return []
  })
}

/** What is wrong about a decision for what waits there, from its path on. */
function misfitOf({ path, take, match }: Decided, { candidates }: Conflict): string | null {
  if ((take === undefined) === (match === undefined)) return ': either `take` or `match` says what is decided'
  if (candidates === null)
    return match === undefined ? null : '.match: it is a conflict: say in `take` whose side stands'
  if (candidates.length === 0) return ': another asset has the key that it is to have: rename one of the two'
  if (match === undefined)
    return '.take: it is an ambiguity: say in `match` which of its candidates it is, or null for a new one'
  if (path !== undefined) return '.path: an answer is about the whole asset'
  return match === null || candidates.some(({ id }) => id === match)
    ? null
    : `.match: ${match} is none of its candidates`
}
