import type { Field as Difference } from '../../parts/field-diff.tsx'
import { type Field, KINDS, type Mapping, type Origin, originText, sentenceOf } from './mapping/model.ts'
import { texts as words } from './mapping/texts.ts'
import { texts as source } from './source/texts.ts'
import { fieldLabel } from './words.ts'

/** What parts of a definition are called. */
const PARTS: Readonly<Record<string, string>> = {
  'mapping.externalId': words.id,
  'mapping.changedAt': words.changedAt,
  'mapping.conflicts': words.conflicts,
  'mapping.keys': words.keys.title,
  'mapping.filters': words.filters.title,
  'mapping.lines': words.lines.title,
  'source.verify': source.title.hook,
  'source.items': source.items,
  'source.csv': source.title.file,
  'source.mail': source.title.mail,
  'source.poll': source.title.poll,
  'source.everyMinutes': source.poll.every,
}

/** What differs between two versions, in the words of the screen; of our fields each for itself. */
export const readable = (differences: readonly Difference[], object: string): Difference[] =>
  differences.flatMap((one) => {
    const { path } = one
    if (path === 'mapping.fields') return ofFields(one, object)
    const part = Object.keys(PARTS).find((name) => path === name || path.startsWith(`${name}.`))
    if (part === undefined) return [one]
    const rest = path.slice(part.length + 1)
    const told = { path: [PARTS[part], rest].filter(Boolean).join(' · ') }
    const sides = (['before', 'after'] as const).filter((side) => side in one)
    return [{ ...told, ...Object.fromEntries(sides.map((side) => [side, toldValue(path, one[side])])) }]
  })

function ofFields({ before = [], after = [] }: Difference, object: string): Difference[] {
  const [old, fresh] = [before, after].map(
    (fields) => new Map((fields as Field[]).map((field) => [field.to, fieldText(field)])),
  ) as [Map<string, string>, Map<string, string>]
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .filter((to) => old.get(to) !== fresh.get(to))
    .map((to) => ({
      path: fieldLabel(object, to),
      ...(old.has(to) ? { before: old.get(to) } : {}),
      ...(fresh.has(to) ? { after: fresh.get(to) } : {}),
    }))
}

const fieldText = ({ from, as, required, empty, conflicts }: Field): string =>
  [
    originText(from),
    as && `${words.detail.as} ${words.detail.conversions[as]}`,
    required && words.detail.required,
    empty === 'clear' && words.detail.clear,
    conflicts && words.conflictWords[conflicts],
  ]
    .filter(Boolean)
    .join(' · ')

function toldValue(path: string, value: unknown): unknown {
  if (path === 'mapping.conflicts') return words.conflictWords[value as Mapping['conflicts']] ?? value
  if (path === 'mapping.keys' && Array.isArray(value))
    return (value as Mapping['keys']).map((key) => words.keys.words[key]).join(', ')
  if (path === 'mapping.filters' && Array.isArray(value))
    return (value as Mapping['filters'])
      .map(({ when, reason }) => [...new Set([sentenceOf(when), reason])].join(': '))
      .join('\n')
  const isOrigin = typeof value === 'object' && value !== null && KINDS.some((kind) => kind in value)
  return isOrigin ? originText(value as Origin) : value
}
