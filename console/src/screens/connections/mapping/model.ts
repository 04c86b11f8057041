import type { Definition } from '../standing.tsx'
import { texts } from './texts.ts'

export type Mapping = Definition['mapping']
export type Field = Mapping['fields'][number]
/** Where a value comes from. */
export type Origin = Field['from']
export type Condition = Mapping['filters'][number]['when']
export type Key = Mapping['keys'][number]
export type Lines = NonNullable<Mapping['lines']>

/** By what ours is found. */
export const KEYS_OF: Record<Mapping['object'], readonly Key[]> = {
  contact: ['externalId', 'email', 'phone'],
  invoice: ['externalId', 'number'],
  location: ['externalId', 'name'],
}

export const isMapped = ({ externalId, fields }: Mapping, key: string) =>
  key === 'externalId' ? externalId !== null : fields.some(({ to }) => to === key)

/** What can no longer be found by is none of the keys any more; what has become one comes to the others. */
export const withKeys = (old: Mapping, next: Mapping): Mapping => ({
  ...next,
  keys: [
    ...next.keys.filter((key) => isMapped(next, key)),
    ...KEYS_OF[next.object].filter((key) => isMapped(next, key) && !isMapped(old, key) && !next.keys.includes(key)),
  ],
})

/** Null: it comes from elsewhere than one place. */
export const pathOf = (origin: Origin | null | undefined): string | null =>
  origin && 'path' in origin ? origin.path : null

/** What an origin can be, the usual one first. */
export const KINDS = ['path', 'paths', 'value', 'lookup', 'expression'] as const
type Kind = (typeof KINDS)[number]

export const kindOf = (origin: Origin): Kind => KINDS.find((kind) => kind in origin) ?? 'path'

/** The same place, taken in another way. */
export function toKind(kind: Kind, old: Origin | null): Origin {
  const path = placeOf(old)
  if (kind === 'paths') return { paths: path === '' ? [] : [path] }
  if (kind === 'value') return { value: '' }
  if (kind === 'lookup') return { lookup: { path, table: {} } }
  return kind === 'expression' ? { expression: toExpression(path) } : { path }
}

export function placeOf(origin: Origin | null): string {
  if (origin === null) return ''
  if ('path' in origin) return origin.path
  if ('paths' in origin) return origin.paths[0] ?? ''
  return 'lookup' in origin ? origin.lookup.path : ''
}

/** A path as JSONata has it: names that are more than a word stand in backticks. */
const toExpression = (path: string): string =>
  (path.match(/(?:\\.|[^.\\])+/g) ?? [])
    .map((step) => {
      const [, name = '', index = ''] = /^(.*?)((?:\[\d*\])*)$/s.exec(step) ?? []
      const own = name.replace(/\\(.)/g, '$1')
      return (/^[A-Za-z_]\w*$/.test(own) ? own : `\`${own}\``) + index.replaceAll('[]', '')
    })
    .join('.')

/** An origin in a line. */
export function originText(origin: Origin): string {
  const words = texts.origin
  if ('path' in origin) return origin.path
  if ('paths' in origin) return `${words.first} ${origin.paths.join(', ')}`
  if ('value' in origin) return `${words.always} “${origin.value}”`
  if ('lookup' in origin) return words.table(origin.lookup.path, Object.keys(origin.lookup.table).length)
  return `${words.worked} ${origin.expression}`
}

/** Nothing of it has still to be chosen or written. */
function isWhole(origin: Origin): boolean {
  if ('path' in origin) return origin.path !== ''
  if ('paths' in origin) return origin.paths.length > 0
  if ('value' in origin) return origin.value !== ''
  return 'lookup' in origin ? origin.lookup.path !== '' : origin.expression.trim() !== ''
}

const isWholeCondition = (when: Condition) =>
  'expression' in when ? when.expression.trim() !== '' : when.path !== '' && (!needsValue(when.is) || when.value !== '')

export const needsValue = (is: string) => is !== 'empty' && is !== 'filled'

/** What stands for a reason that nobody has written. */
export const sentenceOf = (when: Condition): string =>
  'expression' in when
    ? texts.filters.worked
    : [when.path, texts.filters.comparisons[when.is], needsValue(when.is) ? String(when.value ?? '') : '']
        .join(' ')
        .trim()

/** As it can be kept: without what somebody has only begun. */
export function finished(mapping: Mapping): Mapping {
  const { changedAt, lines, ...rest } = mapping
  const isField = ({ from }: Field) => isWhole(from)
  const unless = lines?.unless !== undefined && isWholeCondition(lines.unless) ? { unless: lines.unless } : {}
  return withKeys(mapping, {
    ...rest,
    fields: mapping.fields.filter(isField),
    externalId: mapping.externalId !== null && isWhole(mapping.externalId) ? mapping.externalId : null,
    filters: mapping.filters
      .filter(({ when }) => isWholeCondition(when))
      .map(({ when, reason }) => ({ when, reason: reason.trim() || sentenceOf(when) })),
    ...(changedAt !== undefined && isWhole(changedAt) ? { changedAt } : {}),
    ...(lines !== undefined && lines.from !== ''
      ? {
          lines: {
            from: lines.from,
            key: lines.key !== null && isWhole(lines.key) ? lines.key : null,
            fields: lines.fields.filter(isField),
            ...unless,
          },
        }
      : {}),
  })
}
