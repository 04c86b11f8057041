import type { StepRules } from '../store/assets/index.ts'
import { isObject, isSame, type Json, type Part, toPart } from './diff.ts'
import type { MergeRules } from './merge.ts'
import { allowsNull, joinPath, locate, type PartNames, type Place, walk } from './merge-walk.ts'

export interface Sides {
  base: Json | null
  target: Json
  source: Json
}

/** Where it goes on after a step that is gone. Null: nowhere. */
export type FollowOn = (id: string, from: string | null) => string | null

/** Follows the steps that are gone, each in a document that still has it, to one that is left. */
export function followOn(rules: StepRules, { base, target, source }: Sides, gone: ReadonlySet<string>): FollowOn {
  const after = new Map([base, source, target].flatMap((document) => [...stepsAfter(document, rules)]))
  return (id, from) => {
    const seen = new Set<string>()
    let at: string | null = id
    while (at !== null && gone.has(at)) {
      if (seen.has(at)) return null
      seen.add(at)
      at = after.get(at) ?? null
    }
    // What only came back to itself through the missing step would now go round for ever.
    return at === from && at !== id ? null : at
  }
}

function stepsAfter(document: Json | null, rules: StepRules): Map<string, string | null> {
  const steps = stepsOf(document, rules)
  return new Map(
    steps.map((step, index) => {
      const named = rules.next.map((field) => step[field]).find((value) => typeof value === 'string')
      return [step.id, rules.next.length > 0 ? (named ?? null) : (steps[index + 1]?.id ?? null)] as [
        string,
        string | null,
      ]
    }),
  )
}

function stepsOf(document: Json | null, rules: StepRules): Part[] {
  const list = isObject(document) ? document[rules.list] : undefined
  return Array.isArray(list) ? list.map(toPart).filter((part) => part !== null) : []
}

/** The document with every pointer to a step that is gone led on to the one that is left. */
export function redirectSteps(document: Json, { steps, schema }: MergeRules, lead: FollowOn): Json {
  if (steps === null) return document
  const go = (value: Json, pattern: string, from: string | null): Json | undefined => {
    if (typeof value === 'string' && steps.pointers.includes(pattern)) {
      const to = lead(value, from)
      return to !== null ? to : allowsNull(schema, pattern) ? null : undefined
    }
    if (Array.isArray(value)) {
      return value.map(
        (element) => go(element, `${pattern}[]`, pattern === steps.list ? (toPart(element)?.id ?? null) : from) as Json,
      )
    }
    if (!isObject(value)) return value
    const fields = Object.entries(value).map(
      ([name, child]) => [name, go(child, joinPath(pattern, name), from)] as const,
    )
    return Object.fromEntries(fields.filter(([, child]) => child !== undefined)) as Json
  }
  return go(document, '', null) as Json
}

export interface Redirection {
  path: string
  /** The step that is gone, and the one that is left; null: it ends there. */
  from: string
  to: string | null
}

interface RedirectionsInput {
  rules: MergeRules
  raw: Sides
  /** The same documents after their pointers were led on. */
  led: Sides
  result: Json
  gone: ReadonlySet<string>
  names: PartNames
}

/** The pointers of the result that lead elsewhere than in the documents it was made from. */
export function findRedirections({ rules, raw, led, result, gone, names }: RedirectionsInput): Redirection[] {
  const found = new Map<string, Redirection>()
  const pointers = rules.steps?.pointers ?? []
  for (const side of ['target', 'source'] as const) {
    walk(raw[side], (value, place) => {
      if (typeof value !== 'string' || !gone.has(value) || !pointers.includes(place.pattern) || found.has(place.path))
        return
      const now = shadowOf(led[side], place)
      const holder = locate(result, now.slice(0, -1))
      const to = locate(result, now)
      if (holder === undefined || !isSame(to, locate(led[side], now))) return
      if (saysItself(raw, side, place, to)) return
      found.set(place.path, {
        path: place.path,
        from: names.get(value) ?? value,
        to: typeof to === 'string' ? (names.get(to) ?? to) : null,
      })
    })
  }
  return [...found.values()]
}

/** The other side itself has come to lead there. */
function saysItself(raw: Sides, side: 'target' | 'source', { segments }: Place, to: Json | undefined): boolean {
  const other = raw[side === 'target' ? 'source' : 'target']
  const holder = segments.slice(0, -1)
  if (locate(other, holder) === undefined || (locate(other, segments) ?? null) !== (to ?? null)) return false
  return locate(raw.base, holder) === undefined || (locate(raw.base, segments) ?? null) !== (to ?? null)
}

/** The same place in a document of the same shape, whose elements read otherwise. */
function shadowOf(document: Json, place: Place): Place['segments'] {
  let value: Json | undefined = document
  return place.segments.map((segment) => {
    if (segment.kind === 'field') value = isObject(value) ? value[segment.name] : undefined
    else if (segment.kind === 'part')
      value = Array.isArray(value) ? value.find((element) => toPart(element)?.id === segment.id) : undefined
    else {
      value = Array.isArray(value) ? value[segment.index] : undefined
      return { ...segment, element: value as Json }
    }
    return segment
  })
}

export interface Warning {
  path: string
  why: string
}

/** Steps that the first one led to in one of the documents, and does not lead to in what was made of them. */
export function findUnreachable(
  rules: MergeRules,
  { target, source }: Sides,
  result: Json,
  names: PartNames,
): Warning[] {
  const { steps } = rules
  if (steps === null || steps.next.length === 0) return []
  const [mine, theirs, now] = [target, source, result].map((document) => leadsOf(document, rules)) as [
    Leads,
    Leads,
    Leads,
  ]
  const before = new Set([...reach(mine, mine.first), ...reach(theirs, theirs.first)])
  const reached = reach(now, now.first)
  const lost = [...now.to.keys()].filter((id) => before.has(id) && !reached.has(id))
  const named = new Set(lost.flatMap((id) => [...(now.to.get(id) ?? [])].filter((to) => to !== id)))
  const told: string[][] = []
  const covered = new Set<string>()
  // The heads of what hangs loose come first; what is left are rings.
  for (const id of [...lost.filter((step) => !named.has(step)), ...lost]) {
    if (covered.has(id)) continue
    const behind = [...reach(now, [id])].filter((step) => lost.includes(step) && !covered.has(step))
    told.push(behind)
    for (const step of behind) covered.add(step)
  }
  return told.map(([head = '', ...behind]) => {
    const [name, ...others] = [head, ...behind].map((step) => names.get(step) ?? step)
    const after =
      others.length === 0
        ? ''
        : `, so that ${others.join(', ')} behind it ${others.length === 1 ? 'is' : 'are'} not reached either`
    return { path: `${steps.list}[${head}]`, why: `nothing leads to step ${name} any more${after}` }
  })
}

interface Leads {
  first: string[]
  to: Map<string, Set<string>>
}

function leadsOf(document: Json, rules: MergeRules): Leads {
  const steps = stepsOf(document, rules.steps as StepRules)
  const to = new Map(steps.map((step) => [step.id, new Set<string>()]))
  walk(document, (value, { pattern, segments }) => {
    if (typeof value !== 'string' || !rules.steps?.pointers.includes(pattern)) return
    const step = segments.find((segment) => segment.kind === 'part')
    if (step !== undefined) to.get(step.id)?.add(value)
  })
  return { first: steps.slice(0, 1).map((step) => step.id), to }
}

function reach({ to }: Leads, from: readonly string[]): Set<string> {
  const reached = new Set(from)
  for (const id of reached) for (const next of to.get(id) ?? []) reached.add(next)
  return reached
}
