import fc, { type Arbitrary } from 'fast-check'
import type { Operation } from '../../src/operations/define.ts'
import { mark } from './request.ts'

type Headers = Record<string, string>

const ODD: readonly Headers[] = [
  { version: '' },
  { version: 'v1' },
  { version: '2021-07-28, 2021-04-15' },
  { 'if-match': '*' },
  { 'if-none-match': '*' },
  { 'if-none-match': '"abc", W/"def"' },
  { 'if-modified-since': 'Mon, 31 Feb 0000 25:61:61 GMT' },
  { 'if-range': '"x"', range: 'bytes=0-' },
  { range: 'bytes=-0' },
  { range: 'bytes=5-1' },
  { range: 'bytes=99999999999999999999-' },
  { range: 'bytes=0-0,2-3,-1' },
  { range: 'lines=0-1' },
  { accept: 'text/html' },
  { accept: '*/*;q=0' },
  { 'accept-encoding': 'br;q=1.0, *;q=0' },
  { 'content-encoding': 'gzip' },
  { 'last-event-id': '-1' },
  { 'last-event-id': '99999999999999999999' },
  { 'x-forwarded-for': '1.1.1.1, ::1, unknown' },
  { 'x-http-method-override': 'DELETE' },
  { forwarded: 'for="_x";host=evil.example' },
  { cookie: '__Host-session=x; a=b;;=' },
  { 'accept-language': '*-*-x;q=9' },
  { traceparent: '00-00-00-00' },
  { connection: 'close' },
  { te: 'trailers' },
]

const KEYS = ['key-1', 'key-2', 'x'.repeat(300), 'x'.repeat(8_000), '', ' ', 'é\u00ff', '"quoted"', '__proto__']

/** The headers that a call needs, and now and then something else. */
export function headersFor(operation: Operation): Arbitrary<Headers> {
  const version = { version: '2021-07-28' }
  const odd = fc.constantFrom(...ODD)
  const key = fc.constantFrom(...KEYS).map((value): Headers => ({ 'idempotency-key': value }))
  const more = fc.oneof(
    { weight: 12, arbitrary: fc.constant<Headers>({}) },
    { weight: 2, arbitrary: odd },
    { weight: operation.access === 'read' ? 1 : 3, arbitrary: key },
  )
  return more.map((headers) => ({ ...version, ...headers }))
}

const at = (place: string): Headers => ({ 'x-location-id': place })

/** What the console sends with the cookie of a session: a location where one is needed, and now and then another. */
export function headersOfPeople({ token }: Operation): Arbitrary<Headers> {
  const places = fc.constantFrom(
    {},
    at(mark('neighbour', 'location')),
    at(mark('stranger', 'location')),
    ...['', ' ', 'all', 'é', 'x'.repeat(8_000), `${mark('mine', 'location')}, ${mark('mine', 'location')}`].map(at),
  )
  const placed = fc.oneof(
    { weight: 12, arbitrary: fc.constant(token === 'agency' ? {} : at(mark('mine', 'location'))) },
    { weight: 1, arbitrary: places },
  )
  const consoles = fc.oneof(
    { weight: 30, arbitrary: fc.constant<Headers>({ 'x-tintype-console': '1' }) },
    fc.constantFrom<Headers>({}, { 'x-tintype-console': '' }, { 'x-tintype-console': '1', origin: 'null' }),
  )
  return fc.tuple(placed, consoles).map(([place, console]) => ({ ...place, ...console }))
}
