import { type Static, type TSchema, Type } from 'typebox'

/**
 * A mapping: what of another program's item becomes which of our fields. It is stored, exported and edited as this
 * document.
 *
 * A path names a value of the item: names with dots between them (`contact.first_name`), `[0]` for an element of a
 * list, `[]` for all of them. A dot, a bracket or a backslash that belongs to a name stands behind a backslash.
 */

const MAX_FIELDS = 300

const Shape = <P extends Record<string, TSchema>>(properties: P, description?: string) =>
  Type.Object(properties, { additionalProperties: false, ...(description === undefined ? {} : { description }) })

const Path = (description: string) => Type.String({ minLength: 1, maxLength: 500, description })
const Scalar = () => Type.Union([Type.String({ maxLength: 5000 }), Type.Number(), Type.Boolean()])
const Expression = () =>
  Type.String({
    minLength: 1,
    maxLength: 4000,
    description:
      'JSONata over the item, with $money(text), $minor(number, currency), $phone(text), $date(text), $moment(text) ' +
      'and $name(text) beside its own functions.',
  })

export const Source = Type.Union([
  Shape({ path: Path('Where the value stands in the item: `contact.first_name`, `items[0].name`, `tags[]`.') }),
  Shape({
    paths: Type.Array(Path('Where the value may stand.'), {
      minItems: 1,
      maxItems: 20,
      description: 'The first of these at which something stands.',
    }),
  }),
  Shape({ value: Scalar() }, 'The same for every item.'),
  Shape({
    lookup: Shape({
      path: Path('Where the word stands in the item.'),
      table: Type.Record(Type.String({ maxLength: 500 }), Scalar(), {
        maxProperties: 1000,
        description: 'Word of the other program -> ours. Case and spaces around make no difference.',
      }),
      otherwise: Type.Optional(Scalar()),
    }),
  }),
  Shape({ expression: Expression() }),
])

export const CONVERSIONS = [
  'text',
  'number',
  'money',
  'money.minor',
  'email',
  'phone',
  'date',
  'date.dayFirst',
  'moment',
  'boolean',
  'list',
  'emails',
  'phones',
  'country',
  'currency',
  'name.first',
  'name.last',
] as const

/** Who wins where both sides changed: see settle.ts. */
export const CONFLICTS = ['source', 'ours', 'newest', 'fill'] as const

const As = () =>
  Type.Optional(
    Type.Enum([...CONVERSIONS], {
      description:
        'What is made of the value; without it, what our field wants. `money.minor`: cents; `name.first` and ' +
        '`name.last`: of a full name.',
    }),
  )

const Field = Shape({
  to: Type.String({
    minLength: 1,
    maxLength: 200,
    description: 'Our field: `firstName`, `customFields.<key>`.',
    examples: ['firstName'],
  }),
  from: Source,
  as: As(),
  required: Type.Optional(Type.Boolean({ description: 'An item without it fails.' })),
  empty: Type.Optional(
    Type.Enum(['leave', 'clear'], { description: 'What an empty value does to ours. Without it: `leave`.' }),
  ),
  conflicts: Type.Optional(Type.Enum([...CONFLICTS], { description: 'For this field, in place of the mapping’s.' })),
})

export const COMPARISONS = ['empty', 'filled', 'equal', 'unequal', 'contains', 'above', 'below'] as const

const Condition = Type.Union([
  Shape({
    path: Path('Where the value stands in the item.'),
    is: Type.Enum([...COMPARISONS]),
    value: Type.Optional(Scalar()),
  }),
  Shape({ expression: Expression() }),
])

const Filter = Shape(
  {
    when: Condition,
    reason: Type.String({ minLength: 1, maxLength: 300, description: 'Skipped, because ...' }),
  },
  'An item that this holds of is skipped.',
)

const Lines = Shape(
  {
    from: Path('The list in the item: `items`. The paths within it begin at its elements.'),
    key: Type.Union([Source, Type.Null()], {
      description: 'What the other program calls a line. Null: its place in the list.',
    }),
    unless: Type.Optional(Condition),
    fields: Type.Array(Field, { minItems: 1, maxItems: 50 }),
  },
  'Lines of an invoice, without those that `unless` holds of.',
)

export const KEYS = ['externalId', 'email', 'phone', 'number', 'name'] as const

export const Mapping = Shape({
  object: Type.Enum(['contact', 'invoice', 'location'], { description: 'What items become.' }),
  fields: Type.Array(Field, { maxItems: MAX_FIELDS }),
  filters: Type.Array(Filter, { maxItems: 50 }),
  externalId: Type.Union([Source, Type.Null()], {
    description: 'What the other program calls the item. Null: it has no name for it, the other keys find ours.',
  }),
  keys: Type.Array(Type.Enum([...KEYS]), {
    minItems: 1,
    maxItems: KEYS.length,
    description: 'By what ours is found, in this order.',
  }),
  conflicts: Type.Enum([...CONFLICTS], {
    description:
      'Where both sides changed since the last time: `source` writes theirs, `ours` keeps ours, `newest` keeps what ' +
      'was changed last, `fill` fills what is empty only.',
  }),
  changedAt: Type.Optional(Source),
  lines: Type.Optional(Lines),
})

export type Mapping = Static<typeof Mapping>
export type Source = Static<typeof Source>
export type MappedField = Mapping['fields'][number]
export type MappingCondition = Mapping['filters'][number]['when']
export type Conversion = (typeof CONVERSIONS)[number]
export type Conflicts = (typeof CONFLICTS)[number]

/** What values are read by that do not say it themselves: those of the location. */
export interface Habits {
  zone: string
  /** Two letters, ISO 3166. */
  country: string
  /** Three letters, ISO 4217. */
  currency: string
}

/** Something that is wrong with a mapping, or with what it made of an item. */
export interface Problem {
  /** Place in the mapping: `fields[2].from.expression`; of an item, our field. */
  at: string
  message: string
}

export type MappedValue = string | number | boolean | string[] | null

/** By our fields: `firstName`, `customFields.<key>`. Null: ours is emptied. What is not there is left alone. */
export type MappedValues = Record<string, MappedValue>

export type Outcome =
  | {
      outcome: 'mapped'
      externalId: string | null
      values: MappedValues
      lines?: { key: string; values: MappedValues }[]
      /** ISO 8601. */
      changedAt?: string
    }
  | { outcome: 'skipped'; reason: string }
  | { outcome: 'failed'; problems: Problem[] }
