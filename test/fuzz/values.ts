import fc, { type Arbitrary } from 'fast-check'
import { MOMENTS, PIECES, UNSTORABLE, WORDS } from './words.ts'

/** Stands in JSON for a number as it is written: what JSON.stringify would not write (`1e999`, `-0`). See `toJson`. */
const AS_WRITTEN = /"\u2983([^"\u2984]*)\u2984"/g
const written = (text: string) => `\u2983${text}\u2984`

/** JSON of a value, with numbers that are written in a way of their own. Half surrogate pairs become escapes. */
export const toJson = (value: unknown) => (JSON.stringify(value) ?? 'null').replace(AS_WRITTEN, '$1')

/** Repeats a piece until the text has so many characters. */
const fill = (piece: string, length: number) =>
  piece.repeat(Math.ceil(Math.max(0, length) / piece.length)).slice(0, Math.max(0, length))

export interface TextOptions {
  least?: number | undefined
  most?: number | undefined
  /** Looks like a moment by its name. */
  isMoment?: boolean
}

const SOME = 300

const short = fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(''))

/** Texts that a schema with these lengths allows, most of them. */
export function texts({ least = 0, most = SOME, isMoment = false }: TextOptions = {}): Arbitrary<string> {
  const fit = (text: string) =>
    [...(text.length < least ? text + fill('x', least - text.length) : text)].slice(0, Math.max(least, most)).join('')
  const atLimit = fc
    .tuple(fc.constantFrom(...PIECES), fc.constantFrom(most, most - 1))
    .map(([piece, length]) => fit(fill(piece, Math.min(length, 200_000))))
  const weighted = [
    { weight: 6, arbitrary: short.map(fit) },
    { weight: 2, arbitrary: fc.constantFrom(...WORDS).map(fit) },
    { weight: most > SOME ? 1 : 2, arbitrary: atLimit },
    ...(isMoment ? [{ weight: 8, arbitrary: fc.constantFrom(...MOMENTS).map(fit) }] : []),
  ]
  return fc.oneof(...weighted)
}

/** Texts that no schema allows, or hardly one. */
export function wrongTexts(most = SOME): Arbitrary<string> {
  return fc.oneof(
    fc.tuple(fc.constantFrom('', 'a', 'é😀'), fc.constantFrom(...UNSTORABLE)).map((parts) => parts.join('')),
    fc.constantFrom(...PIECES).map((piece) => fill(piece, Math.min(most + 1, 300_000))),
    fc.constantFrom(...WORDS, ...MOMENTS),
  )
}

const NUMBERS = [
  0,
  1,
  -1,
  2,
  0.1,
  -0.5,
  1.0000000001,
  100,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 53,
  -(2 ** 53),
  1e21,
  1e308,
  -1e308,
  5e-324,
  1e-7,
] as const
const WRITTEN = [
  '-0',
  '-0.0',
  '1e999',
  '-1e999',
  '1E400',
  '12345678901234567890',
  '0.1e-400',
  '1e0',
  '1.0',
  '123456789012345678901234567890.123456789',
] as const

export const numbers = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<number | string>(...NUMBERS) },
  fc.constantFrom(...WRITTEN).map(written),
)

const KEYS = [
  'a',
  '',
  ' ',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'length',
  '0',
  '-1',
  'a.b',
  'a/b',
  '~0',
  '$ref',
  'id',
  '_id',
  'é',
  '\u202e',
  '⟦tags:x⟧',
] as const

const nested = (depth: number, wrap: (inner: unknown) => unknown) => {
  let value: unknown = 'deep'
  for (let level = 0; level < depth; level++) value = wrap(value)
  return value
}

/** Any JSON: the free part of documents. Deeper than 60 levels is refused. */
export const anyJson: Arbitrary<unknown> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3, depthIdentifier: 'json' },
        texts(),
        numbers,
        fc.constantFrom(true, false, null),
        tie('list'),
        tie('object'),
      ),
      list: fc.array(tie('value'), { maxLength: 3, depthIdentifier: 'json' }),
      object: entriesOf(fc.constantFrom(...KEYS), tie('value')),
    })).value,
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(20, 58, 59, 60, 61, 200, 5_000).chain((depth) =>
      fc.constantFrom(
        nested(depth, (inner) => [inner]),
        nested(depth, (inner) => ({ a: inner })),
      ),
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom<unknown>([], {}, '', null, false, 0) },
)

/** An object that may own a `__proto__`, as JSON texts can say it. */
export function entriesOf(
  key: Arbitrary<string>,
  value: Arbitrary<unknown>,
  most = 3,
): Arbitrary<Record<string, unknown>> {
  return fc.array(fc.tuple(key, value), { maxLength: most, depthIdentifier: 'json' }).map((pairs) => {
    const object: Record<string, unknown> = {}
    for (const [name, inner] of pairs)
      Object.defineProperty(object, name, { value: inner, enumerable: true, configurable: true, writable: true })
    return object
  })
}
