import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import type { Names } from './names.ts'
import type { Verdict } from './settle.ts'
import type { Wanted, WantedKind } from './wanted.ts'

/** Why something is not there after a push, and what the snapshot calls it. */
export interface Absence {
  lineage: string
  name: string
  why: string
  /** The push decided about it; else the target may know more. */
  isDecided: boolean
}

export const DELETED = 'which the sub-account has deleted'

/**
 * Which assets and parts of a version its targets have after the push: said by the decisions, without asking the
 * targets. What nobody decided about is there as the version has it.
 */
export class Present {
  readonly #wanted: Wanted
  readonly #names: Names
  /** `kind:lineage` of what the push is about, and of all that the version holds, with names. */
  readonly #decided: ReadonlySet<string>
  readonly #entries: ReadonlyMap<string, string>
  /** Assets that are not there: `location/kind:lineage`, by the snapshot's lineage and the target's own. */
  readonly #absent = new Map<string, Absence>()
  /** Assets that are there otherwise than the version has them. */
  readonly #altered = new Set<string>()
  /** Assets that come, where they are looked up: `location/kind:lineage`. */
  readonly arriving = new Set<string>()
  /** Parts of the version -> `kind:lineage` of the entry that holds them. */
  #holders: ReadonlyMap<string, string> = new Map()

  constructor(wanted: Wanted, names: Names) {
    this.#wanted = wanted
    this.#names = names
    this.#decided = new Set(
      wanted.kinds.flatMap(({ kind, entries }) => entries.map(({ lineage }) => `${kind}:${lineage}`)),
    )
    this.#entries = new Map(wanted.entries.map(({ kind, lineage, name }) => [`${kind}:${lineage}`, name]))
  }

  note({ kind }: WantedKind, verdicts: readonly Verdict[]): void {
    for (const verdict of verdicts) {
      const { decision, action, combined } = verdict
      const { locationId, lineage, name } = decision
      const refs = [`${kind}:${lineage}`, `${kind}:${this.#names.ownOf(locationId, kind, lineage)}`]
      if (decision.id !== null) {
        if (combined !== null || action !== 'update') for (const ref of refs) this.#altered.add(`${locationId}/${ref}`)
      } else if (action !== 'create') {
        const absence = {
          lineage,
          name,
          why: action === 'ambiguous' ? 'which is ambiguous there' : DELETED,
          isDecided: true,
        }
        for (const ref of refs) this.#absent.set(`${locationId}/${ref}`, absence)
      } else if (this.#isAsked(locationId)) for (const ref of refs) this.arriving.add(`${locationId}/${ref}`)
    }
  }

  /** Where things go by other names, or only some are decided about, the tables say what is there. */
  #isAsked(locationId: string): boolean {
    return !this.#names.isPlain(locationId) || !this.#wanted.decided.isEmpty
  }

  /** An asset of the version, which is in the target under this very lineage. */
  isSure(locationId: string, ref: string): boolean {
    if (!this.#decided.has(ref) || !this.#wanted.decided.isEmpty) return false
    if (this.#absent.size > 0 && this.#absent.has(`${locationId}/${ref}`)) return false
    if (this.#names.isPlain(locationId)) return true
    const colon = ref.indexOf(':')
    const lineage = ref.slice(colon + 1)
    return this.#names.ownOf(locationId, ref.slice(0, colon), lineage) === lineage
  }

  async findSureParts(db: Db, parts: readonly string[]): Promise<(locationId: string, part: string) => boolean> {
    const incoming = [...new Set(parts.flatMap((part) => [part, this.#names.incomingPart(part) ?? part]))]
    const rows = await query(
      db,
      sql<{ hash: string; parts: string[] }>`
        select hash, parts from blob
        where hash = any(
            select decode(h, 'hex') from unnest(${texts(this.#wanted.entries.map((entry) => entry.hash))}) h)
          and parts && ${texts(incoming)}`,
    )
    const held = new Map(rows.map((row) => [row.hash, row.parts]))
    this.#holders = new Map(
      this.#wanted.entries.flatMap(({ kind, lineage, hash }) =>
        (held.get(hash) ?? []).map((part) => [part, `${kind}:${lineage}`]),
      ),
    )
    return (locationId, part) => {
      const holder = this.#holders.get(part)
      if (holder === undefined || !this.isSure(locationId, holder) || this.#altered.has(`${locationId}/${holder}`))
        return false
      return this.#names.ownOf(locationId, '', part) === part
    }
  }

  /** Of an asset that is not there; null: the push knows nothing of it. */
  explain(locationId: string, ref: string): Absence | null {
    const absence = this.#absent.get(`${locationId}/${ref}`)
    if (absence !== undefined) return absence
    const colon = ref.indexOf(':')
    const lineage =
      this.#names.incomingOf(locationId, ref.slice(0, colon), ref.slice(colon + 1)) ?? ref.slice(colon + 1)
    const entry = `${ref.slice(0, colon)}:${lineage}`
    const name = this.#entries.get(entry)
    if (name === undefined) return null
    return {
      lineage,
      name,
      why: this.#decided.has(entry) ? 'which the sub-account does not have' : 'which "only" leaves out',
      isDecided: false,
    }
  }

  /** Of a part that is not there. */
  explainPart(locationId: string, part: string): string | null {
    const holder = this.#holders.get(this.#names.incomingPart(part) ?? part) ?? this.#holders.get(part)
    if (holder === undefined) return null
    return (
      (this.#altered.has(`${locationId}/${holder}`) ? null : this.explain(locationId, holder)?.why) ??
      'which the sub-account does not have'
    )
  }
}
