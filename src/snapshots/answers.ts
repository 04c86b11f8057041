import type { Db } from '../db/pool.ts'
import { type Ambiguity, assetOf, type Link, nameOf } from './identity.ts'
import { type Candidate, findChosen, toAmbiguity } from './match.ts'
import type { Match } from './options.ts'

export type Choices = ReadonlyMap<string, { locationId: string; kind: string; lineage: string; id: string | null }>

/** What a person said, by target: an answer for one location goes before one for all. */
export function expandChoices(matches: readonly Match[], locationIds: readonly string[]): Choices {
  const choices = new Map<string, { locationId: string; kind: string; lineage: string; id: string | null }>()
  const inOrder = [
    ...matches.filter((match) => match.locationId === undefined),
    ...matches.filter((match) => match.locationId !== undefined),
  ]
  for (const { kind, lineage, id, locationId: only } of inOrder) {
    for (const locationId of only === undefined ? locationIds : locationIds.filter((one) => one === only)) {
      choices.set(nameOf({ locationId, kind, lineage }), { locationId, kind, lineage, id })
    }
  }
  return choices
}

interface Answering {
  choices: Choices
  links: Map<string, Link>
  dropped: Set<string>
}

interface Answered {
  /** Lineages that were answered with one asset. */
  ambiguities: Ambiguity[]
  /** The assets that were named. */
  chosen: readonly Candidate[]
}

/** What a person said goes before everything. */
export async function answer(db: Db, { choices, links, dropped }: Answering): Promise<Answered> {
  if (choices.size === 0) return { ambiguities: [], chosen: [] }
  const chosen = await findChosen(db, [...choices.values()])
  const byAsset = Map.groupBy(chosen, assetOf)
  const ambiguities: Ambiguity[] = []
  for (const choice of choices.values()) {
    const name = nameOf(choice)
    const candidate = chosen.find((row) => nameOf(row) === name)
    if (choice.id !== null && candidate === undefined) continue
    const had = links.get(name)
    if (candidate !== undefined && had?.id === candidate.id) links.set(name, { ...had, isAnswer: true })
    else {
      if (had !== undefined) dropped.add(name)
      links.delete(name)
      if (candidate === undefined || candidate.own === candidate.lineage) continue
      if ((byAsset.get(assetOf(candidate))?.length ?? 0) > 1) {
        ambiguities.push(toAmbiguity(candidate, [candidate]))
        continue
      }
      dropped.delete(name)
      links.set(name, { ...candidate, isNew: true, isAnswer: true, parts: null })
    }
  }
  return { ambiguities, chosen }
}
