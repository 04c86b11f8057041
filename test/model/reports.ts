import { setTimeout as pause } from 'node:timers/promises'
import { same } from './document.ts'
import type { Line, Outcome } from './request.ts'
import { insist, type Push, type World } from './run.ts'

/** What plans and reports say, beside what the model says. */

export const OUTCOMES: Record<string, Outcome> = {
  create: 'created',
  update: 'updated',
  merge: 'merged',
  unchanged: 'unchanged',
  keep: 'kept',
  conflict: 'conflict',
  ambiguous: 'ambiguous',
  delete: 'deleted',
  release: 'released',
  skip: 'skipped',
}
const PATIENCE_MS = 60_000
/** Whoever asks all the time keeps the worker from its work. */
const POLL_MS = { first: 8, most: 60 }

export interface Told {
  kind: string
  lineage: string
  id?: string | null
  name: string
  outcome: string
  reason?: string
}

export type Totals = { [outcome: string]: number }
export const counted = (totals: Totals): Totals =>
  Object.fromEntries(Object.entries(totals).filter(([, count]) => count > 0))
export function sumOf(words: readonly string[]): Totals {
  const sum: Totals = {}
  for (const word of words) sum[word] = (sum[word] ?? 0) + 1
  return sum
}

export function compareLines(world: World, what: string, lines: readonly Line[], told: readonly Told[]): void {
  const left = new Map(told.map((line) => [`${line.kind}/${line.lineage}`, line]))
  insist(left.size === told.length, `${what} has a line twice: ${JSON.stringify(told)}`)
  for (const { kind, incoming, outcomes } of lines) {
    const key = `${kind}/${world.lineages.get(incoming)}`
    const line = left.get(key)
    left.delete(key)
    if (line === undefined && outcomes.some((outcome) => ['unchanged', 'kept'].includes(outcome))) continue
    insist(line !== undefined, `${what} says nothing of ${kind} ${incoming}, expected: ${outcomes.join(' or ')}`)
    insist(
      outcomes.includes(line.outcome as Outcome),
      `${what} says ${line.outcome} of ${kind} "${line.name}" ` +
        `${incoming}${line.reason === undefined ? '' : ` (${line.reason})`}, expected: ${outcomes.join(' or ')}`,
    )
  }
  const strange = [...left.values()].filter(({ outcome }) => !['unchanged', 'kept'].includes(outcome))
  insist(strange.length === 0, `${what} has lines that should not be there: ${JSON.stringify(strange)}`)
}

export function comparePlanned(what: string, planned: readonly Told[], told: readonly Told[]): void {
  const outcomes = new Map(told.map(({ kind, lineage, outcome }) => [`${kind}/${lineage}`, outcome]))
  for (const { kind, lineage, name, outcome } of planned) {
    const became = outcomes.get(`${kind}/${lineage}`)
    insist(
      became === outcome || (became === undefined && outcome === 'unchanged'),
      `${what}: ${kind} "${name}" was planned as ${outcome} and is ${became}`,
    )
  }
}

/** Waits for the end, and reads what became of every asset. */
export async function ended(world: World, done: Push, to: readonly string[]): Promise<Map<string, Told[]>> {
  const deadline = Date.now() + PATIENCE_MS
  for (let waitMs = POLL_MS.first; ; waitMs = Math.min(POLL_MS.most, waitMs * 1.5)) {
    await pause(waitMs)
    const { body } = await world.agency('get', `/pushes/${done.id}`)
    if (!['pending', 'processing'].includes(body.push.status)) {
      const targets = await readTargets(world, done, to)
      const reports = new Map(to.map((at, index) => [at, (targets[index] as Target).assets]))
      const failed = [...reports.values()].flat().filter(({ outcome }) => outcome === 'failed')
      insist(body.push.status === 'completed', `push ${done.name} is ${body.push.status}: ${JSON.stringify(failed)}`)
      const sum = sumOf([...reports.values()].flat().map(({ outcome }) => outcome))
      const counts = counted(body.push.totals)
      insist(same(sum, counts), `push ${done.name} totals ${JSON.stringify(counts)}, its lines ${JSON.stringify(sum)}`)
      done.report = textOfReport(targets)
      return reports
    }
    insist(Date.now() < deadline, `push ${done.name} does not end`)
  }
}

interface Target {
  assets: Told[]
  totals: object
}

const readTargets = (world: World, { id }: Push, to: readonly string[]): Promise<Target[]> =>
  Promise.all(
    to.map(async (at) => (await world.agency('get', `/pushes/${id}/targets/${world.wire(at).locationId}`)).body.target),
  )

const textOfReport = (targets: readonly Target[]): string =>
  JSON.stringify(targets.map(({ assets, totals }) => [assets.map((line) => JSON.stringify(line)).sort(), totals]))

/** What a push did is said once and for all. */
export async function compareReport(world: World, done: Push): Promise<void> {
  if (done.report === '') return
  const now = textOfReport(await readTargets(world, done, [...done.traces.keys()]))
  insist(now === done.report, `the report of ${done.name} has changed\n  from ${done.report}\n  to   ${now}`)
}
