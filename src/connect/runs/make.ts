import { hash as digest } from 'node:crypto'
import { takeTurns } from '../../clock.ts'
import { inSavepoint, isInfrastructure } from '../../db/transaction.ts'
import { AppError } from '../../errors.ts'
import { canonicalJson } from '../../store/hash.ts'
import type { CompiledMapping } from '../mapping/compile.ts'
import type { Habits, Outcome, Problem } from '../mapping/document.ts'
import { findLinks, type NewLink } from './links.ts'
import { type NewRow, type Row, waitingIds } from './rows.ts'
import type { Link, MappedItem, Writer, Writing, Written } from './writer.ts'

/** What is to be made of rows: of which mapping, by whom, and what is known. */
export interface Making {
  writing: Writing
  writer: Writer
  compiled: CompiledMapping
  habits: Habits
  atMs: number
  /** From 0 to 1: how long a row waits for what it needs. */
  chance: () => number
}

export interface Made {
  rows: Row[]
  links: NewLink[]
}

/** Waits of a row for what it needs; after the last it is a dead letter. */
const RETRY_MS = [5_000, 60_000, 600_000, 3_600_000]

type Draft = NewRow & { tries: number }
interface Part {
  at: number
  item: MappedItem
  hash: string
}

/**
 * Maps rows, unless it is known what that comes to, and writes it: in sets, those of one record one after the other. What
 * cannot be written is told in its row and harms no other.
 */
export async function makeRows(making: Making, drafts: readonly Draft[], known?: readonly Outcome[]): Promise<Made> {
  const { writing, writer, atMs } = making
  const place = { locationId: writing.locationId, id: writing.connectionId }
  const outcomes = known ?? (await mapRows(making, drafts))
  const rows = drafts.map((draft, at) => toRow(draft, outcomes[at] as Outcome, atMs))
  const mapped = outcomes.flatMap((outcome, at) => (outcome.outcome === 'mapped' ? [{ at, outcome }] : []))
  const externalIds = mapped.flatMap(({ outcome }) => outcome.externalId ?? [])
  const links = await findLinks(writing.tx, place, writer.kind, externalIds)
  for (const [externalId, link] of writing.dry?.links ?? []) links.set(externalId, link)
  const blocked = writing.dry === null ? await waitingIds(writing.tx, place, externalIds) : new Map<string, Date>()
  const changed = new Map<string, NewLink>()
  const parts = mapped.map(({ at, outcome: { outcome: _, ...item } }): Part => {
    const whole = { values: item.values, lines: item.lines ?? null }
    const hash = digest('sha256', canonicalJson(whole), 'base64')
    return { at, hash, item: { ...item, link: null } }
  })
  for (const wave of toWaves(parts, writer)) {
    const wanted: Part[] = []
    for (const part of wave) {
      const { externalId } = part.item
      const link = externalId === null ? null : (links.get(externalId) ?? null)
      const row = rows[part.at] as Row
      const behind = externalId === null || row.tries > 0 ? undefined : blocked.get(externalId)
      if (behind !== undefined) Object.assign(row, { tries: 1, dueAt: behind, reason: BEHIND })
      else if (link !== null && link.hash === part.hash)
        Object.assign(row, { state: 'unchanged', kind: writer.kind, recordId: link.recordId, delta: {} })
      else wanted.push({ ...part, item: { ...part.item, link } })
    }
    const written = await writeWave(
      making,
      wanted.map(({ item }) => item),
    )
    for (const [n, part] of wanted.entries()) {
      const row = rows[part.at] as Row
      const one = written[n] as Written
      settleRow(making, row, one)
      const { externalId } = part.item
      if (externalId === null) continue
      if (row.state === 'waiting') blocked.set(externalId, row.dueAt as Date)
      if (!('recordId' in one)) continue
      const link: Link = { recordId: one.recordId, hash: part.hash, synced: syncedOf(part.item) }
      links.set(externalId, link)
      writing.dry?.links.set(externalId, link)
      changed.set(externalId, { ...link, externalId, kind: writer.kind })
    }
  }
  return { rows, links: [...changed.values()] }
}

const BEHIND = 'An earlier one of the same id waits.'

const syncedOf = ({ values, lines }: MappedItem) => ({ values, ...(lines === undefined ? {} : { lines }) })

export async function mapRows({ compiled, habits }: Making, drafts: readonly Draft[]): Promise<Outcome[]> {
  const turns = takeTurns()
  const outcomes: Outcome[] = []
  for (const { item } of drafts) {
    if (turns.isOver()) await turns.next()
    outcomes.push(await compiled.apply(item, habits))
  }
  return outcomes
}

function toRow(draft: Draft, outcome: Outcome, atMs: number): Row {
  const isMapped = outcome.outcome === 'mapped'
  return {
    ...draft,
    state: isMapped ? 'waiting' : outcome.outcome,
    externalId: isMapped ? outcome.externalId : null,
    mapped: isMapped ? { values: outcome.values, ...(outcome.lines ? { lines: outcome.lines } : {}) } : null,
    reason: outcome.outcome === 'skipped' ? outcome.reason : null,
    problems: outcome.outcome === 'failed' ? outcome.problems : null,
    kept: null,
    kind: null,
    recordId: null,
    delta: null,
    dueAt: null,
    at: new Date(atMs),
  }
}

function settleRow({ writer, atMs, chance }: Making, row: Row, written: Written): void {
  if (written.outcome === 'later') {
    const wait = RETRY_MS[row.tries]
    row.problems = written.problems
    // Full jitter: those that failed together do not come back together.
    if (wait === undefined) Object.assign(row, { state: 'failed' })
    else Object.assign(row, { tries: row.tries + 1, dueAt: new Date(atMs + Math.ceil(wait * chance())) })
  } else if (written.outcome === 'failed') Object.assign(row, { state: 'failed', problems: written.problems })
  else {
    const { outcome, recordId, delta, left } = written
    Object.assign(row, { state: outcome, kind: writer.kind, recordId, delta, kept: left.length > 0 ? left : null })
  }
}

/** By what the records of an item are told apart, as far as that can be seen. */
const keysOf = (item: MappedItem, writer: Writer): string[] => [
  ...writer.ownOf(item),
  ...(item.externalId === null ? [] : [`id ${item.externalId}`]),
]

/** The same of all that is to be written. */
export function keysOfAll(outcomes: readonly Outcome[], writer: Writer): Set<string> {
  return new Set(
    outcomes.flatMap((outcome) => (outcome.outcome === 'mapped' ? keysOf({ ...outcome, link: null }, writer) : [])),
  )
}

/** In the order of the items, but no two in one wave that are of the same record, as far as that can be seen. */
function toWaves(parts: readonly Part[], writer: Writer): Part[][] {
  const waves: Part[][] = []
  const lastOf = new Map<string, number>()
  for (const part of parts) {
    const own = keysOf(part.item, writer)
    const wave = 1 + Math.max(-1, ...own.map((key) => lastOf.get(key) ?? -1))
    for (const key of own) lastOf.set(key, wave)
    waves[wave] = [...(waves[wave] ?? []), part]
  }
  return waves
}

/** All together; if that cannot be done, each for itself. */
async function writeWave({ writing, writer }: Making, items: readonly MappedItem[]): Promise<Written[]> {
  if (items.length === 0) return []
  if (writing.dry !== null) return writer.write(writing, items)
  try {
    return await inSavepoint(writing.tx, () => writer.write(writing, items))
  } catch (error) {
    if (isInfrastructure(error)) throw error
    if (items.length === 1) return [{ outcome: 'failed', problems: problemsOf(error) }]
  }
  const written: Written[] = []
  for (const item of items) written.push(...(await writeWave({ writing, writer } as Making, [item])))
  return written
}

/** What is ours to know only is told to nobody else. */
export function problemsOf(error: unknown): Problem[] {
  const isTold = error instanceof AppError && error.status < 500
  return [{ at: '', message: isTold ? error.message : 'It could not be written.' }]
}
