import type { Document } from './document.ts'
import { placeOfDeals } from './people.ts'

const stagesOf = ({ stages }: Document) => (stages ?? []) as (Document & { id: string })[]

/** A stage that deals stand in stays, whatever the snapshot says: nobody was asked where they go. */
export function heldStages(
  { kind, token }: { kind: string; token: string },
  { target, document, deals }: { target: Document; document: Document; deals: ReadonlySet<string> },
): Set<string> {
  if (kind !== 'pipelines') return new Set()
  const left = new Set(stagesOf(document).map(({ id }) => id))
  return new Set(
    stagesOf(target).flatMap(({ id }) => (deals.has(placeOfDeals(token, id)) && !left.has(id) ? [id] : [])),
  )
}

/** The document with these stages of another one, each behind the one that it follows there. */
export function withStages(document: Document, other: Document, ids: ReadonlySet<string>): Document {
  const stages = [...stagesOf(document)]
  const indexOf = (id: string | undefined) => stages.findIndex((stage) => stage.id === id)
  for (const [index, stage] of stagesOf(other).entries()) {
    if (!ids.has(stage.id) || indexOf(stage.id) >= 0) continue
    const before = stagesOf(other)
      .slice(0, index)
      .findLast(({ id }) => indexOf(id) >= 0)
    stages.splice(indexOf(before?.id) + 1, 0, stage)
  }
  return stages.length === stagesOf(document).length ? document : { ...document, stages }
}
