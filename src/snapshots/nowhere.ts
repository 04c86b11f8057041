import type { Db } from '../db/pool.ts'
import type { Told } from './going.ts'
import type { Missing } from './missing.ts'
import type { Names } from './names.ts'
import { findPartNames, type PartNames } from './part-names.ts'
import { type Absence, DELETED } from './present.ts'
import { completeNames, type RefNames } from './ref-names.ts'

interface Telling {
  /** `this push`, `this roll-back`. */
  deed: string
  snapshotId: string
  /** What assets are called, `kind:lineage`. More are found where they are needed. */
  names: RefNames
  parts: PartNames
  /** How the locations name things. */
  own: Names
  /** The word for one of a kind. */
  nounOf: (kind: string) => string
  /** What is known of an asset that is not there. */
  explain: (locationId: string, ref: string) => Absence | null
  /** Why a part is not there. */
  explainPart: (locationId: string, part: string) => string | null
  /** What is said of that of which nothing is known. */
  unknown: string
}

/**
 * Says which documents would refer to nothing, and to what: one warning for each document and missing thing, with
 * names.
 */
export async function tellMissing(db: Db, missing: readonly Missing[], telling: Telling): Promise<Told[]> {
  if (missing.length === 0) return []
  const [parts, assets] = [
    missing.filter(({ ref }) => ref.startsWith(':')),
    missing.filter(({ ref }) => !ref.startsWith(':')),
  ]
  return [...(await tellAssets(db, assets, telling)), ...(await tellParts(db, parts, telling))]
}

async function tellAssets(
  db: Db,
  missing: readonly Missing[],
  { deed, names, nounOf, explain, unknown }: Telling,
): Promise<Told[]> {
  const found = missing.map((one) => ({ ...one, absence: explain(one.written.locationId, one.ref) }))
  const nameless = new Set(
    found
      .filter(({ absence, buried, ref }) => absence === null && buried === null && !names.has(ref))
      .map(({ ref }) => ref),
  )
  const locationIds = [...new Set(missing.map(({ written }) => written.locationId))]
  await completeNames(
    db,
    locationIds,
    names,
    [...nameless].map((ref) => `⟦${ref}⟧`),
  )
  return found.map(({ absence, buried, goes, isOld, ref, written }) => {
    const kind = ref.slice(0, ref.indexOf(':'))
    const lineage = absence?.lineage ?? ref.slice(kind.length + 1)
    const name = absence?.name ?? names.get(ref) ?? buried?.name ?? lineage
    const known = buried === null || absence?.isDecided ? absence?.why : whyBuried(buried)
    const why = goes ? `which ${deed} removes` : (known ?? unknown)
    return toTold(written, {
      isOld,
      subject: `the ${nounOf(kind)} "${name}", ${why}`,
      missing: { kind, lineage, name },
    })
  })
}

const whyBuried = ({ wasPushed }: NonNullable<Missing['buried']>) =>
  wasPushed ? DELETED : 'which is deleted in the sub-account'

async function tellParts(
  db: Db,
  missing: readonly Missing[],
  { deed, snapshotId, parts, own, nounOf, explainPart, unknown }: Telling,
): Promise<Told[]> {
  const found = missing.map((one) => {
    const part = one.ref.slice(1)
    return { ...one, part, incoming: own.incomingPart(part) ?? part }
  })
  const locationIds = [...new Set(missing.map(({ written }) => written.locationId))]
  const lineages = found.flatMap(({ part, incoming }) => (parts.has(part) ? [] : [incoming]))
  await findPartNames(db, { snapshotId, locationIds }, parts, [...new Set(lineages)])
  return found.map(({ written, part, incoming, buried, goes, isOld }) => {
    const name = parts.get(part) ?? parts.get(incoming)
    const what =
      name === undefined
        ? `a part (${incoming})`
        : `the ${name.noun} "${name.label}" of the ${nounOf(name.holder.kind)} "${name.holder.name}"`
    const known = buried === null ? explainPart(written.locationId, part) : whyBuried(buried)
    const why = goes ? `which ${deed} removes` : (known ?? unknown)
    return toTold(written, {
      isOld,
      subject: `${what}, ${why}`,
      missing: { kind: 'part', lineage: incoming, ...(name === undefined ? {} : { name: name.label }) },
    })
  })
}

interface Telltale {
  isOld: boolean
  subject: string
  missing: { kind: string; lineage: string; name?: string }
}

function toTold({ locationId, kind, lineage, name }: Missing['written'], { isOld, subject, missing }: Telltale): Told {
  return {
    locationId,
    warning: { kind, lineage, name, why: `would ${isOld ? 'still ' : ''}refer to ${subject}`, missing },
  }
}
