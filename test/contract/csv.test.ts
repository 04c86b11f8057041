import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type CsvReading, CsvUnreadable, openCsv } from '../../src/connect/reading/csv.ts'
import { DELIMITERS, delimiterOf } from '../../src/connect/reading/delimiters.ts'
import { ENCODINGS, type Encoding } from '../../src/connect/reading/encodings.ts'

/** The bytes in pieces of that size, which cut through characters and quotes. */
async function* pieces(bytes: Buffer, size = bytes.length < 1000 ? 7 : 60_000) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(source: string | Buffer, reading: CsvReading = {}, size?: number) {
  const file = await openCsv(pieces(Buffer.from(source as string), size), reading)
  const rows = (await Array.fromAsync(file.rows)).flat()
  return { ...file, rows }
}

const told = async (source: string | Buffer, reading: CsvReading = {}) =>
  (await read(source, reading)).rows.map((row) =>
    'fault' in row ? `${row.line}: ${row.fault}` : `${row.line}: ${Object.values(row.item).join('|')}`,
  )

const refused = (source: string | Buffer, because: RegExp, reading: CsvReading = {}) =>
  assert.rejects(read(source, reading), (error) => error instanceof CsvUnreadable && because.test(error.message))

const CP1252 = new Map(
  Array.from({ length: 256 }, (_, byte) => [new TextDecoder('windows-1252').decode(Uint8Array.of(byte)), byte]),
)

function encode(text: string, encoding: Encoding, bom: boolean): Buffer {
  if (encoding === 'windows-1252') return Buffer.from([...text].map((letter) => CP1252.get(letter) ?? 63))
  const marked = bom ? `\ufeff${text}` : text
  if (encoding === 'utf-8') return Buffer.from(marked)
  const wide = Buffer.from(marked, 'utf16le')
  return encoding === 'utf-16be' ? wide.swap16() : wide
}

const quoted = (value: string, delimiter: string) =>
  /["\r\n]/.test(value) || value.includes(delimiter) ? `"${value.replaceAll('"', '""')}"` : value

test('rows come as they were written, whatever the delimiter, the encoding, the line ends and the pieces', async () => {
  const letter = fc.constantFrom(...'ab 1,;|\t"\r\né€ß-')
  const cell = fc.array(letter, { maxLength: 8 }).map((letters) => letters.join('').trim())
  const rows = fc.array(fc.tuple(cell, cell, cell), { maxLength: 20 })
  const encodings = ENCODINGS.flatMap((encoding) =>
    (encoding === 'windows-1252' ? [false] : encoding === 'utf-8' ? [true, false] : [true]).map((bom) => ({
      encoding,
      bom,
    })),
  )
  await fc.assert(
    fc.asyncProperty(
      rows,
      fc.constantFrom(...DELIMITERS),
      fc.constantFrom(...encodings),
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.integer({ min: 1, max: 300 }),
      async (found, delimiter, { encoding, bom }, end, size) => {
        // A line in which nothing stands at all is none.
        const kept = found.map(([one, two, three]) => [one || 'x', two, three])
        const lines = [['Name', 'Größe', 'Notes'], ...kept].map((row) =>
          row.map((value) => quoted(value, delimiter)).join(delimiter),
        )
        const { columns, delimiter: seen, rows: back } = await read(encode(lines.join(end), encoding, bom), {}, size)
        assert.equal(seen, delimiter)
        assert.deepEqual(columns, ['Name', 'Größe', 'Notes'])
        assert.deepEqual(
          back.map((row) => ('item' in row ? Object.values(row.item) : row)),
          kept,
        )
      },
    ),
    { numRuns: 400 },
  )
})

test('an encoding that shows late, at the edge of a piece, is still the right one', async () => {
  const lines = (last: string) => `Name,City\n${'Ada,Austin\n'.repeat(8000)}${last}`
  for (const encoding of ['utf-8', 'windows-1252'] as const)
    for (const size of [1000, 9973])
      for (const last of ['é,x', 'x,é', 'é€ß,ü\nx,y']) {
        const { rows } = await read(encode(lines(last), encoding, false), {}, size)
        assert.equal(rows.length, 8000 + last.split('\n').length)
        const row = rows[8000]
        assert.deepEqual(
          row && 'item' in row && Object.values(row.item),
          last.split('\n')[0]?.split(','),
          `${encoding} ${size}`,
        )
      }
})

test('what is wrong with a row is told with its line, and the others are read', async () => {
  const text = 'a,b\n1,2\n\n"x\r\ny\nz",3\n4\n5,6,7\n\n8" pipe,9\n'
  assert.deepEqual(await told(text), [
    '2: 1|2',
    '4: x\r\ny\nz|3',
    '7: the row has 1 columns, and the file has 2',
    '8: the row has 3 columns, and the file has 2',
    '10: 8" pipe|9',
  ])
  assert.deepEqual(await told('sep=;\na;b\n1;2,5\n'), ['3: 1|2,5'])
  assert.deepEqual(await told('1;2\n3;4\n', { header: false }), ['1: 1|2', '2: 3|4'])
})

test('a file that breaks off is told, and where', async () => {
  assert.deepEqual(await told('a,b,c\n1,2,3\n4,5'), ['2: 1|2|3', '3: the row has 2 columns, and the file has 3'])
  const open = await told('a,b\n1,2\n3,"four\n5,6\n')
  assert.deepEqual([open[0], open.length], ['2: 1|2', 2])
  assert.match(String(open[1]), /^3: a quote opens in this row .* is never closed/)
  const [row, fault, ...more] = await told(`a,b\n1,2\n3,"${'4,5\n'.repeat(300_000)}`)
  assert.deepEqual([row, more], ['2: 1|2', []])
  assert.match(String(fault), /^3: the row has more than 1000000 characters/)
  const rows = 'é,1\n'.repeat(40_000)
  const mixed = Buffer.concat([Buffer.from(`a,b\n${rows}`), Buffer.from([0xe9]), Buffer.from(',2\nx,3\n')])
  assert.match(String((await told(mixed))[40_000]), /^40002: the row holds bytes that are no UTF-8/)
  assert.deepEqual((await told(mixed, { encoding: 'windows-1252' })).slice(-3), [
    '40001: Ã©|1',
    '40002: é|2',
    '40003: x|3',
  ])
})

test('what is no CSV is refused as a whole, and so is one without the columns it must have', async () => {
  await refused('', /empty/)
  await refused('\n\n', /no rows/)
  await refused(Buffer.from('PK\u0003\u0004rest'), /workbook/)
  await refused(Buffer.from([1, 0, 0, 0, 2, 3, 0, 0xff, 4]), /no text/)
  await refused('a,b\n1,2\n', /lacks “E-mail”; it has “a”, “b”/, { columns: ['a', 'E-mail'] })
  await refused(`${'a,'.repeat(1001)}\n`, /more than 1000 columns/)
  const { columns } = await read('Name,,Name,__proto__,Name\n1,2,3,4,5\n')
  assert.deepEqual(columns, ['Name', 'Column 2', 'Name (2)', 'Column 4', 'Name (3)'])
})

test('the delimiter is the one that cuts rows alike', () => {
  for (const [text, delimiter] of [
    ['a;b\n1,5;2,5\n', ';'],
    ['name,notes\nx,"a;b;c"\ny,"d;e;f"\n', ','],
    ['a\tb, c\n1\t2\n', '\t'],
    ['a|b|c\n', '|'],
    ['single\nx\n', ','],
    ['', ','],
  ] as const)
    assert.equal(delimiterOf(text), delimiter, text)
})

test('no more is read than is taken, and who stops reading ends the source', async () => {
  let given = 0
  let isOver = false
  async function* endless() {
    try {
      yield Buffer.from('a,b\n')
      for (; ; given++) yield Buffer.from('1,2\n'.repeat(5000))
    } finally {
      isOver = true
    }
  }
  const { rows } = await openCsv(endless())
  for await (const set of rows) {
    assert.equal(set.length, 500)
    break
  }
  assert.ok(given < 40, `${given} pieces`)
  while (!isOver) await new Promise((resolve) => setImmediate(resolve))
})
