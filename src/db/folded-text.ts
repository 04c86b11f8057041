import { type RawBuilder, sql } from 'kysely'

/**
 * A text of people as the database compares it: what `foldedText` (store/natural-key.ts) makes of it. `lower()` is no
 * substitute: it knows the letters of the database's locale alone, in C those from A to Z.
 */
export const foldedTextOf = (text: RawBuilder<unknown>): RawBuilder<string> => sql<string>`folded_text(${text})`

/** Whether a text of people holds a part, as somebody typed it. */
export const holdsText = (text: RawBuilder<unknown>, part: string): RawBuilder<boolean> =>
  sql<boolean>`(position(${foldedTextOf(sql`${part}::text`)} in ${foldedTextOf(text)}) > 0)`

/** For `order by`: alike on every server. */
export const byFoldedText = (text: RawBuilder<unknown>): RawBuilder<string> =>
  sql<string>`${foldedTextOf(text)} collate "C"`
