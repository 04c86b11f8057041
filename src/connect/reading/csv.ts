import { type InfoRecord, parse } from 'csv-parse'
import { type Static, Type } from 'typebox'
import { DELIMITERS, type Delimiter, delimiterOf } from './delimiters.ts'
import { createDecoder, type Decoder, ENCODINGS } from './encodings.ts'

/** What is known of a CSV beforehand; without it its beginning tells. */
export const CsvReading = Type.Object(
  {
    delimiter: Type.Optional(Type.Enum([...DELIMITERS])),
    encoding: Type.Optional(Type.Enum([...ENCODINGS])),
    header: Type.Optional(Type.Boolean({ description: 'False: its first row is one like the others.' })),
    columns: Type.Optional(
      Type.Array(Type.String({ maxLength: 200 }), { maxItems: 300, description: 'Those that it must have.' }),
    ),
  },
  { additionalProperties: false },
)
export type CsvReading = Static<typeof CsvReading>

export interface CsvRow {
  /** Where the row begins in the file; the first is 1. */
  line: number
  item: Record<string, string>
}

export interface CsvFault {
  line: number
  fault: string
}

export interface CsvFile {
  columns: readonly string[]
  delimiter: Delimiter
  /** Rows in sets, in the order of the file; what cannot be read stands among them. */
  rows: AsyncGenerator<(CsvRow | CsvFault)[]>
  /** For whoever wants none of its rows. */
  close(): Promise<void>
}

/** The file as a whole cannot be read. */
export class CsvUnreadable extends Error {}

/** So much of its beginning is looked at: enough for twenty wide rows. */
const BEGINNING_BYTES = 65_536
const MOST_COLUMNS = 1000
/** A quote that is never closed makes one row of all the rest. */
const MOST_ROW_CHARACTERS = 1_000_000
const SET = 500

/** Reads as it comes and no faster than rows are taken. Throws `CsvUnreadable`, before the first row is there. */
export async function openCsv(bytes: AsyncIterable<Buffer>, reading: CsvReading = {}): Promise<CsvFile> {
  const decoder = createDecoder(reading.encoding)
  const pieces = piecesOf(bytes)
  const beginning = await firstOf(pieces)
  if (beginning.length === 0) throw new CsvUnreadable('the file is empty')
  if (beginning.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004')
    throw new CsvUnreadable('the file is a workbook or an archive: save the sheet as CSV first')
  const text = decoder.decode(beginning).replace(/^\ufeff/, '')
  if (text.includes('\u0000')) throw new CsvUnreadable('the file is no text')
  const said = /^sep=(.)\r?\n/i.exec(text)
  const delimiter = reading.delimiter ?? toDelimiter(said?.[1]) ?? delimiterOf(text.slice(said?.[0].length ?? 0))
  const records = recordsOf(textsOf(text.slice(said?.[0].length ?? 0), pieces, decoder), {
    delimiter,
    line: said === null ? 1 : 2,
  })
  const { header = true, encoding } = reading
  try {
    const first = await firstRecord(records)
    if (first.values.length > MOST_COLUMNS) throw new CsvUnreadable(`the file has more than ${MOST_COLUMNS} columns`)
    const columns = header ? toColumns(first.values) : first.values.map((_, at) => `Column ${at + 1}`)
    checkColumns(columns, reading.columns ?? [])
    const isSure = () => encoding !== undefined || decoder.encoding() !== 'utf-8'
    const close = async () => {
      await records.return(undefined)
    }
    return { columns, delimiter, rows: rowsOf({ columns, isSure }, records, header ? null : first), close }
  } catch (error) {
    await records.return(undefined)
    throw error
  }
}

async function firstRecord(records: AsyncGenerator<Record_ | CsvFault>): Promise<Record_> {
  const { value, done } = await records.next()
  if (done) throw new CsvUnreadable('the file holds no rows')
  if ('fault' in value) throw new CsvUnreadable(`line ${value.line}: ${value.fault}`)
  return value
}

const toDelimiter = (said: string | undefined) => DELIMITERS.find((one) => one === said)

async function* piecesOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const piece of bytes) if (piece.length > 0) yield piece
}

async function firstOf(pieces: AsyncGenerator<Buffer>): Promise<Buffer> {
  const found: Buffer[] = []
  for (let size = 0; size < BEGINNING_BYTES; ) {
    const { value, done } = await pieces.next()
    if (done) break
    found.push(value)
    size += value.length
  }
  return Buffer.concat(found)
}

/** So much is parsed before its rows are taken: less than that for each piece would parse long rows again and again. */
const SLICE = 65_536

async function* textsOf(beginning: string, pieces: AsyncGenerator<Buffer>, decoder: Decoder): AsyncGenerator<string> {
  try {
    let text = beginning
    for await (const piece of pieces) {
      for (; text.length >= SLICE; text = text.slice(SLICE)) yield text.slice(0, SLICE)
      text += decoder.decode(piece)
    }
    text += decoder.end()
    for (let at = 0; at < text.length; at += SLICE) yield text.slice(at, at + SLICE)
  } finally {
    await pieces.return(undefined)
  }
}

interface Record_ {
  line: number
  values: string[]
}

/**
 * Rows are taken from the parser as it finds them: as a stream it would lose those before a fault. It counts a line for
 * each of CR and LF within quotes, so lines are counted here.
 */
async function* recordsOf(
  texts: AsyncGenerator<string>,
  { delimiter, line: firstLine }: { delimiter: string; line: number },
): AsyncGenerator<Record_ | CsvFault> {
  let line = firstLine
  let empty = 0
  let found: Record_[] = []
  const parser = parse({
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    trim: true,
    max_record_size: MOST_ROW_CHARACTERS,
    on_record(values: string[], { empty_lines }: InfoRecord) {
      line += empty_lines - empty
      empty = empty_lines
      found.push({ line, values })
      line += 1 + breaksIn(values)
      return null
    },
  })
  const { promise: broken, resolve: breakOff } = Promise.withResolvers<Error>()
  parser.on('error', breakOff).resume()
  const done = (start: (then: () => void) => void) =>
    Promise.race([new Promise<null>((then) => start(() => then(null))), broken])
  let fault: Error | null = null
  for await (const text of texts) {
    fault = await done((then) => parser.write(text, then))
    yield* found
    found = []
    if (fault !== null) break
  }
  fault ??= await done((then) => parser.once('end', then).end())
  yield* found
  if (fault === null) return
  const message = FAULTS[(fault as { code?: string }).code ?? '']
  if (message === undefined) throw fault
  yield { line, fault: message }
}

const FAULTS: Record<string, string> = {
  CSV_QUOTE_NOT_CLOSED:
    'a quote opens in this row or in one of the next and is never closed; nothing behind it was read',
  CSV_MAX_RECORD_SIZE: `the row has more than ${MOST_ROW_CHARACTERS} characters; nothing behind it was read`,
}

function breaksIn(values: readonly string[]): number {
  let count = 0
  for (const value of values) if (/[\r\n]/.test(value)) count += value.match(/\r\n|\r|\n/g)?.length ?? 0
  return count
}

/** Names without a name get their place, and those that are there already their number. */
function toColumns(names: readonly string[]): string[] {
  const columns: string[] = []
  for (const [at, name] of names.entries()) {
    const own = name === '' || name === '__proto__' ? `Column ${at + 1}` : name
    let column = own
    for (let number = 2; columns.includes(column); number++) column = `${own} (${number})`
    columns.push(column)
  }
  return columns
}

function checkColumns(columns: readonly string[], needed: readonly string[]): void {
  const missing = needed.filter((name) => !columns.includes(name))
  if (missing.length > 0)
    throw new CsvUnreadable(`the file lacks ${missing.map((name) => `“${name}”`).join(', ')}; it has ${told(columns)}`)
}

const told = (columns: readonly string[]) =>
  columns
    .slice(0, 30)
    .map((name) => `“${name.slice(0, 50)}”`)
    .join(', ')

interface Head {
  columns: readonly string[]
  /** Its encoding was not guessed, or cannot be wrong. */
  isSure(): boolean
}

async function* rowsOf(
  head: Head,
  records: AsyncGenerator<Record_ | CsvFault>,
  first: Record_ | null,
): AsyncGenerator<(CsvRow | CsvFault)[]> {
  let set: (CsvRow | CsvFault)[] = first === null ? [] : [toRow(head, first)]
  for await (const record of records) {
    set.push('fault' in record ? record : toRow(head, record))
    if (set.length < SET) continue
    yield set
    set = []
  }
  if (set.length > 0) yield set
}

function toRow({ columns, isSure }: Head, { line, values }: Record_): CsvRow | CsvFault {
  if (values.length !== columns.length)
    return { line, fault: `the row has ${values.length} columns, and the file has ${columns.length}` }
  const item: Record<string, string> = {}
  for (let at = 0; at < columns.length; at++) item[columns[at] as string] = values[at] as string
  if (values.some((value) => value.includes('\ufffd')) && !isSure())
    return { line, fault: 'the row holds bytes that are no UTF-8, as the file was until here: name its encoding' }
  return { line, item }
}
