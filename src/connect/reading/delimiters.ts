export const DELIMITERS = [',', ';', '\t', '|'] as const
export type Delimiter = (typeof DELIMITERS)[number]

const ROWS = 30

/**
 * By the beginning of a file: the one that cuts the rows into the same number of columns, and more than one; of several
 * the one that makes most columns.
 */
export function delimiterOf(text: string): Delimiter {
  const ranked = DELIMITERS.map((delimiter) => ({ delimiter, ...gradeOf(countsOf(text, delimiter)) }))
  const [best] = ranked.toSorted((one, two) => two.agreement - one.agreement || two.columns - one.columns)
  return best === undefined || best.columns < 2 ? ',' : best.delimiter
}

/** How many rows have as many columns as the first. */
function gradeOf(counts: readonly number[]): { agreement: number; columns: number } {
  const [columns = 1] = counts
  if (columns < 2) return { agreement: 0, columns }
  return { agreement: counts.filter((count) => count === columns).length / counts.length, columns }
}

/** Columns of each of the first rows. A delimiter or a line break within quotes is part of a value. */
function countsOf(text: string, delimiter: Delimiter): number[] {
  const counts: number[] = []
  let columns = 1
  let isQuoted = false
  let isFresh = true
  for (let at = 0; at < text.length && counts.length < ROWS; at++) {
    const letter = text[at]
    if (isQuoted) {
      if (letter !== '"') continue
      if (text[at + 1] === '"') at++
      else isQuoted = false
    } else if (letter === '"' && isFresh) isQuoted = true
    else if (letter === delimiter) columns++
    else if (letter === '\n' || letter === '\r') {
      if (columns > 1 || !isFresh) counts.push(columns)
      columns = 1
    }
    isFresh = letter === delimiter || letter === '\n' || letter === '\r' || (isFresh && letter === ' ')
  }
  // What the beginning ends with may be half a row.
  if (counts.length === 0) counts.push(columns)
  return counts
}
