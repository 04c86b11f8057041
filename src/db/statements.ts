import pg from 'pg'

/** A statement that each connection parses and plans once. For the few that most requests consist of. */
export interface Prepared<Row> {
  text: string
  /** Never set: the type of its rows. */
  row?: Row
}

const names = new Map<string, string>()
/** Every text lives as long as each connection. There are some dozens; so many would be a mistake of ours. */
const MOST = 1_000

/** `text` is written by code alone, never from what a caller sent. */
export function prepare<Row>(text: string): Prepared<Row> {
  if (!names.has(text) && names.size < MOST) names.set(text, `tintype_${names.size}`)
  return { text }
}

/**
 * A prepared statement for each kind of record, made when it is first asked for; `write` gets the kind as a literal.
 */
export function preparePerKind<Row>(write: (kind: string) => string): (kind: string) => Prepared<Row> {
  const made = new Map<string, Prepared<Row>>()
  return (kind) => {
    const known = made.get(kind) ?? prepare<Row>(write(pg.escapeLiteral(kind)))
    made.set(kind, known)
    return known
  }
}

/** Sends texts that were prepared under their names; the driver does the rest. */
export class PreparingClient extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: the driver has a dozen overloads
  override query(config: any, ...rest: any[]): any {
    const name = typeof config === 'string' ? names.get(config) : undefined
    if (name === undefined) return super.query(config, ...(rest as []))
    return super.query({ name, text: config, values: rest[0] }, rest[1])
  }
}
