import { type RawBuilder, sql } from 'kysely'
import { byFoldedText } from '../../db/folded-text.ts'
import { json } from '../../db/pool.ts'
import { becameOf, type Property } from '../../objects/index.ts'
import { foldedText } from '../../store/natural-key.ts'

type Text = RawBuilder<string | null>

/**
 * What the wire shows of a property, but people as they are stored: moments in ISO 8601, several values joined by `;`.
 * Names come from code and from assets, never from a caller.
 */
export function textOf({ place }: Property): Text {
  switch (place.in) {
    case 'row':
      return place.column === 'objectId' ? sql`object_id::text` : momentText(place.column)
    case 'rule':
      return sql`(${sql.raw(place.rule.expression)})`
    case 'twin':
      return twinText(place)
    case 'values': {
      const means = place.form === 'label' || place.form === 'labels' ? json(Object.fromEntries(place.means)) : null
      const shown = (text: RawBuilder<unknown>) => (means === null ? text : sql`coalesce(${means}->>${text}, ${text})`)
      const value = shown(sql`(v->>${sql.lit(place.under)})`)
      const several = joined(sql`v->${sql.lit(place.under)}`, shown)
      return sql`(select ${isSeveral(place.form) ? several : value}
        from jsonb_array_elements(case when jsonb_typeof(doc->'customFields') = 'array' then doc->'customFields'
          else '[]' end) v
        where v->>'id' = ${sql.lit(place.id)} limit 1)`
    }
    case 'document': {
      const [field, name] = place.path
      const holder = name === undefined ? sql`doc` : sql`doc->${sql.lit(field)}`
      const key = sql.lit(name ?? field)
      if (isSeveral(place.form)) return joined(sql`${holder}->${key}`)
      if (place.form === 'day') return sql`left(${holder}->>${key}, 10)`
      if (place.form === 'owners') return sql`(${holder}->${key}->>0)`
      if (place.form === 'money') return sql`coalesce(${holder}->${key}->>'value', ${holder}->>${key})`
      return sql`(${holder}->>${key})`
    }
  }
}

const isSeveral = (form: string) => form === 'list' || form === 'labels'

const joined = (list: RawBuilder<unknown>, shown = (text: RawBuilder<unknown>) => text): Text => sql`(select
  string_agg(${shown(sql`e`)}, ';' order by n) from
  jsonb_array_elements_text(case when jsonb_typeof(${list}) = 'array' then ${list} else '[]' end)
    with ordinality l(e, n))`

const momentText = (column: 'createdAt' | 'updatedAt'): Text =>
  sql`to_char(${columnOf(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** A moment of the row: its index serves what is asked of it. */
export const columnOf = (column: 'createdAt' | 'updatedAt'): RawBuilder<Date> =>
  sql.raw(column === 'createdAt' ? 'created_at' : 'updated_at')

function twinText({ field, bag }: { field: string; bag: string }): Text {
  const written = sql`doc->${sql.lit(bag)}->>${sql.lit(field)}`
  const became = sql`doc->${sql.lit(bag)}->>${sql.lit(becameOf(field))}`
  const own = sql`doc->>${sql.lit(field)}`
  return sql`(case when ${written} is not null and ${became} is not distinct from ${own} then ${written}
    else ${own} end)`
}

/** The same as a number; null where it is none. */
export const numberOf = (property: Property): RawBuilder<number | null> =>
  property.place.in === 'row'
    ? sql`object_id`
    : sql`(case when ${textOf(property)} ~ '^-?[0-9]+([.][0-9]+)?(e[-+]?[0-9]{1,2})?$'
        then ${textOf(property)}::numeric end)`

/** Whose values are told apart by each letter: those with options. */
const isExact = ({ type, options }: Property) => type === 'enumeration' && options.length > 0

/** A value, and beside it one that is asked for, as the two are compared. */
export const comparedOf = (property: Property): RawBuilder<string | null> =>
  isExact(property) ? sql`(${textOf(property)} collate "C")` : foldedOf(property)

export const compared = (property: Property, asked: string): string => (isExact(property) ? asked : foldedText(asked))

/** Text as it is compared with what `foldedText` makes of another: the same on every server, by code points. */
export const foldedOf = (property: Property): RawBuilder<string | null> => sql`(${byFoldedText(textOf(property))})`

/** `owner` properties store people by our ids. */
export const isOwner = ({ place }: Property) =>
  place.in === 'document' && (place.form === 'owner' || place.form === 'owners')
