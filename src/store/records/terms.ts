import { sql } from 'kysely'
import { naturalKey, visible } from '../natural-key.ts'
import { digitsOfPhone } from '../phone.ts'
import { byTerms, type Condition } from './conditions.ts'
import type { RecordDocument, RecordResource } from './resource.ts'

// PostgreSQL splits and folds text by the locale of the database, and its trigram extension is not everywhere. Words
// are therefore cut here, the same way on every server, and stored as lexemes. Each is led by its location: one GIN
// index answers for a location without reading the rows of the others.

/** A lexeme may have 2046 bytes; nobody types more than this into a search box. */
const MAX_WORD = 64
const MAX_EXACT = 200
/** Words of one record. A tsvector may have 1 MB. */
const MAX_WORDS = 2000

/** Eight of the twenty random characters tell locations apart; queries compare the whole id as well. */
const leadOf = (locationId: string) => locationId.slice(0, 8)
const wordTerm = (locationId: string, word: string) => `${leadOf(locationId)}:${word}`
const exactTerm = (locationId: string, field: string, value: string) => `${leadOf(locationId)}=${field}=${value}`

/** What a record is found by. One for each contact that is written: few short-lived lists, and no pattern of Unicode. */
export function termsOf(
  resource: Pick<RecordResource, 'search' | 'exact'>,
  locationId: string,
  document: RecordDocument,
): string[] {
  const words = new Set<string>()
  for (const field of resource.search)
    for (const text of textsOf(document[field])) for (const word of wordsOf(text)) words.add(word)
  const terms = new Set<string>()
  for (const word of words) {
    if (terms.size === MAX_WORDS) break
    terms.add(wordTerm(locationId, word))
  }
  for (const field of resource.exact)
    for (const text of textsOf(document[field])) for (const term of exactTerms(locationId, field, text)) terms.add(term)
  return [...terms]
}

/** `field=value` of the fields that the kind counts, each once. */
export function countedTerms(resource: Pick<RecordResource, 'counted'>, document: RecordDocument): string[] {
  return [
    ...new Set(
      resource.counted.flatMap((field) => textsOf(document[field]).flatMap((text) => countedTerm(field, text) ?? [])),
    ),
  ]
}

/** Undefined: too long for the index, and for the counts. */
function countedTerm(field: string, text: string): string | undefined {
  const value = naturalKey(text)
  return value.length > MAX_EXACT ? undefined : `${field}=${value}`
}

function exactTerms(locationId: string, field: string, text: string): string[] {
  const value = naturalKey(text)
  return value.length > MAX_EXACT ? [] : [exactTerm(locationId, field, value)]
}

const NOTHING: readonly string[] = []

function textsOf(value: unknown): readonly string[] {
  if (value === undefined || value === null) return NOTHING
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.every((one) => typeof one === 'string') ? value : value.flatMap(textsOf)
  if (typeof value === 'object') return textsOf(Object.values(value))
  return typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : NOTHING
}

/**
 * Lower-case words without accents, in the letters that people type for them who have no others. A telephone number is
 * one word, in the ways in which it is typed.
 */
export function wordsOf(text: string): string[] {
  const isPlain = PLAIN.test(text)
  const words: string[] = isPlain
    ? (text.toLowerCase().match(/[a-z0-9]+/g) ?? [])
    : (foldedByUnicode(text).match(/[\p{L}\p{N}]+/gu) ?? [])
  if (isTelephone(text)) words.push(digitsOf(text), digitsOf(text).slice(-10))
  words.push(...digitsOfPhone(text))
  // Where letters are folded, one may become many.
  return isPlain && text.length <= MAX_WORD ? words : words.map((word) => word.slice(0, MAX_WORD))
}

const PLAIN = /^[\x20-\x7e]*$/
const foldedByUnicode = (text: string) =>
  visible(text)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[łßøđæœðþħıŧŋς]/gu, (letter) => TYPED_AS[letter] as string)
/** Letters that no accent can be taken from. */
const TYPED_AS: Record<string, string> = {
  ł: 'l',
  ß: 'ss',
  ø: 'o',
  đ: 'd',
  æ: 'ae',
  œ: 'oe',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
  ŧ: 't',
  ŋ: 'n',
  ς: 'σ',
}
const isTelephone = (text: string) => /^\s*\+?[\d\s().-]+$/.test(text) && digitsOf(text).length >= 5
const digitsOf = (text: string) => text.replace(/\D/g, '')

/**
 * True for records that hold a word beginning with each word of the text, or the number, if the text may be one: in its
 * normal form (src/store/phone.ts). Null: the text has no words, so it asks nothing.
 */
export function matchesWords(locationId: string, typed: string, number?: string): Condition | null {
  const text = visible(typed)
  const words = isTelephone(text) ? [digitsOf(text).slice(0, MAX_WORD)] : wordsOf(text)
  if (words.length === 0) return null
  const all = (of: readonly string[]) => of.map((word) => `${quoted(wordTerm(locationId, word))}:*`).join(' & ')
  const either = number === undefined ? all(words) : `(${all(words)}) | ${all([digitsOf(number.split(';')[0] ?? '')])}`
  return byTerms(sql<boolean>`terms @@ ${either}::tsquery`)
}

/**
 * True for records whose field (one of the resource's `exact`) has this value, without regard to case. Null: too long
 * for the index.
 */
export function hasTerm(locationId: string, field: string, value: string): Condition | null {
  const [term] = exactTerms(locationId, field, value)
  return term === undefined ? null : byTerms(sql<boolean>`terms @@ ${quoted(term)}::tsquery`, countedTerm(field, value))
}

/**
 * The same as text, to be cast to tsquery. Other records may be found too that have it: their location is to be
 * compared as a whole.
 */
export function termQuery(locationId: string, field: string, value: string): string | null {
  const [term] = exactTerms(locationId, field, value)
  return term === undefined ? null : quoted(term)
}

const quoted = (lexeme: string) => `'${lexeme.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
