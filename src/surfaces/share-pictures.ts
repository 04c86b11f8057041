import { escapeHtml } from './html.ts'

type Doc = Record<string, unknown>

const isDoc = (value: unknown): value is Doc => typeof value === 'object' && value !== null && !Array.isArray(value)
const partsIn = (value: unknown): Doc[] => (Array.isArray(value) ? value.filter(isDoc) : [])
const inWords = (type: unknown) => String(type ?? '').replaceAll('_', ' ')
const nameOf = ({ name, label, type }: Doc) => String(name || label || inWords(type))
const bdi = (text: string) => `<bdi>${escapeHtml(text)}</bdi>`

/** How each kind is drawn that people know by more than its name. */
const DRAWN: Readonly<Record<string, (document: Doc) => string>> = {
  workflows: ({ trigger, steps }) =>
    toGraph([{ id: '', type: 'starts by', name: startOf(trigger), next: partsIn(steps)[0]?.id }, ...partsIn(steps)]),
  campaigns: ({ events }) => toGraph(partsIn(events).map((one, at, all) => ({ ...one, next: all[at + 1]?.id }))),
  pipelines: ({ stages }) => `<ol class="board">${listed(partsIn(stages), nameOf)}</ol>`,
  forms: ({ fields }) => toFields(fields),
  surveys: ({ slides }) => toGroups(partsIn(slides), ({ fields }) => toFields(fields)),
  funnels: ({ steps, pages }) =>
    toGroups(partsIn(steps), ({ id }) => toPages(partsIn(pages).filter(({ stepId }) => stepId === id))),
  calendars: ({ openHours }) => toWeek(openHours),
}
export const PICTURED: readonly string[] = Object.keys(DRAWN)

/** An asset as a picture without any script; empty where there is nothing to draw. */
export function toPicture(kind: string, name: string, document: Doc): string {
  const picture = DRAWN[kind]?.(document) ?? ''
  return picture === '' ? '' : `<figure><figcaption>${bdi(name)}</figcaption>${picture}</figure>`
}

const listed = (parts: readonly Doc[], told: (part: Doc) => string) =>
  parts.map((part) => `<li>${bdi(told(part))}</li>`).join('')

/** What a visitor fills in. */
function toFields(fields: unknown): string {
  const rows = listed(partsIn(fields), (field) => `${nameOf(field)}${field.required === true ? ' *' : ''}`)
  return rows && `<ol class="fields">${rows}</ol>`
}

const toGroups = (groups: readonly Doc[], innerOf: (group: Doc) => string) =>
  groups.map((group) => `<section><b>${bdi(nameOf(group))}</b>${innerOf(group)}</section>`).join('')

/** Pages with what stands on them, block by block. */
function toPages(pages: readonly Doc[]): string {
  const rows = pages.map((page) => {
    const blocks = listed(partsIn(page.sections), (block) => [inWords(block.type), blockText(block)].join(' '))
    return `<li>${bdi(nameOf(page))}${blocks && `<ol class="fields">${blocks}</ol>`}</li>`
  })
  return rows.length === 0 ? '' : `<ol class="fields">${rows.join('')}</ol>`
}

/** What a block shows: its text, what it brings in by its name, or where that comes from. */
const blockText = ({ name, text, html, formId, surveyId, calendarId, imageUrl, url }: Doc): string =>
  [text || name || (typeof html === 'string' ? html.replace(/<[^>]*>/g, ' ') : ''), formId, surveyId, calendarId]
    .concat(imageUrl || url)
    .filter((one) => typeof one === 'string' && one.trim() !== '')
    .join(' · ')

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
/** From Monday on, as calendars show it. */
const SHOWN = [1, 2, 3, 4, 5, 6, 0]
const DAY = 24 * 60

/** The opening hours of a week, each day on a line of 24 hours. */
function toWeek(openHours: unknown): string {
  const open = partsIn(openHours).flatMap(({ daysOfTheWeek, hours }) =>
    partsIn(hours).map((one) => ({ days: daysOfTheWeek, ...spanOf(one) })),
  )
  if (open.length === 0) return ''
  const rows = SHOWN.map((day) => {
    const spans = open.filter(({ days }) => Array.isArray(days) && days.includes(day))
    const bars = spans.map(({ from, to }) => `<rect x="${from}" width="${(to > from ? to : DAY) - from}" height="90"/>`)
    const told = spans.map(({ from, to }) => `${clock(from)}–${clock(to)}`).join(', ') || 'closed'
    return `<li><span>${DAYS[day]}</span><svg viewBox="0 0 ${DAY} 90" preserveAspectRatio="none" aria-hidden="true">${bars.join('')}</svg><small>${told}</small></li>`
  })
  return `<ol class="week">${rows.join('')}</ol>`
}

const spanOf = ({ openHour, openMinute, closeHour, closeMinute }: Doc) => ({
  from: Number(openHour ?? 0) * 60 + Number(openMinute ?? 0),
  to: Number(closeHour ?? 0) * 60 + Number(closeMinute ?? 0),
})
const two = (number: number) => String(number).padStart(2, '0')
const clock = (minutes: number) => `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`

const startOf = (trigger: unknown) => inWords((isDoc(trigger) && (trigger.name || trigger.type)) || 'manual')

const BOX = { width: 190, height: 46, gap: 24, drop: 34 }
/** More than that is no picture any more. */
const MOST_STEPS = 40
const LETTERS = 24

/** Steps from the first down, each below what leads to it; ways back up are lines, too. */
function toGraph(all: readonly Doc[]): string {
  const steps = all.slice(0, MOST_STEPS)
  const ids = new Map(steps.map((step) => [String(step.id), step]))
  const ways = steps.flatMap((step) =>
    [step.next, step.goToStepId, ...partsIn(step.branches).map(({ next }) => next)]
      .filter((to): to is string => typeof to === 'string' && ids.has(to))
      .map((to) => ({ from: String(step.id), to })),
  )
  const rows = inRows([...ids.keys()], ways)
  const places = new Map(
    rows.flatMap((row, y) =>
      row.map((id, x) => [id, { x: x * (BOX.width + BOX.gap), y: y * (BOX.height + BOX.drop) }] as const),
    ),
  )
  const lines = ways.flatMap((way) => {
    const [from, to] = [places.get(way.from), places.get(way.to)]
    if (from === undefined || to === undefined) return []
    const middle = BOX.width / 2
    return [`<path d="M${from.x + middle} ${from.y + BOX.height}L${to.x + middle} ${to.y}"/>`]
  })
  const boxes = [...places].map(([id, { x, y }]) => {
    const step = ids.get(id) as Doc
    const [type, title] = [inWords(step.type), nameOf(step)].map((text) => escapeHtml(cut(text)))
    return `<g><rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="8"/><text x="${x + 10}" y="${y + 19}">${type}</text><text x="${x + 10}" y="${y + 36}" class="title">${title}</text></g>`
  })
  if (boxes.length === 0) return ''
  const width = Math.max(...[...places.values()].map(({ x }) => x)) + BOX.width + 4
  const height = rows.length * (BOX.height + BOX.drop) - BOX.drop + 4
  const more = all.length > steps.length ? `<small>and ${all.length - steps.length} more steps</small>` : ''
  return `<div class="graph" role="group" aria-label="Steps" tabindex="0"><svg viewBox="-2 -2 ${width} ${height}" width="${width}" height="${height}">${lines.join('')}${boxes.join('')}</svg></div>${more}`
}

const cut = (text: string) => {
  const letters = [...text]
  return letters.length > LETTERS ? `${letters.slice(0, LETTERS - 1).join('')}…` : text
}

/** Breadth first: each stands one row below the first that leads to it, what nothing leads to at the end. */
function inRows(ids: readonly string[], ways: readonly { from: string; to: string }[]): string[][] {
  const rows: string[][] = []
  const placed = new Set<string>()
  const [first] = ids
  let row = first === undefined ? [] : [first]
  while (row.length > 0) {
    for (const id of row) placed.add(id)
    rows.push(row)
    row = [...new Set(row.flatMap((id) => ways.filter(({ from }) => from === id).map(({ to }) => to)))].filter(
      (id) => !placed.has(id),
    )
  }
  const rest = ids.filter((id) => !placed.has(id))
  return rest.length === 0 ? rows : [...rows, ...rest.map((id) => [id])]
}
