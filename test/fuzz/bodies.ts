import fc, { type Arbitrary } from 'fast-check'
import type { Operation } from '../../src/operations/define.ts'
import { archives } from './archives.ts'
import { mark } from './request.ts'
import { toJson } from './values.ts'

/** A body as it is sent. */
export interface Body {
  type: string | undefined
  text: string | undefined
  encoding: 'utf8' | 'bytes' | 'gzip'
}

type Input = Record<string, unknown>

/** Bodies that say this, and such as fail to. */
export function bodiesFor(operation: Operation, input: Input | undefined): Arbitrary<Body> {
  if (operation.rawBody !== null) return archives
  if (input === undefined)
    return fc.oneof(
      { weight: 20, arbitrary: fc.constant<Body>({ type: undefined, text: undefined, encoding: 'utf8' }) },
      { weight: 1, arbitrary: json({ a: 1 }) },
    )
  const list = operation.listBody
  const whole =
    list !== null && Array.isArray(input[list])
      ? fc.constantFrom<unknown>(input[list], input)
      : fc.constant<unknown>(input)
  if (operation.upload !== null)
    return fc.oneof(
      { weight: 3, arbitrary: forms(input, operation.upload.property) },
      { weight: 1, arbitrary: whole.chain(json) },
    )
  if (operation.formBody)
    return fc.oneof(
      { weight: 2, arbitrary: urlForms(withClient(operation, input)) },
      { weight: 1, arbitrary: json(withClient(operation, input)) },
    )
  return whole.chain(json)
}

/** The app of the world, so that something lies behind the door. */
const withClient = ({ clientAuth }: Operation, input: Input): Input =>
  clientAuth ? { ...input, client_id: mark('mine', 'clientId'), client_secret: mark('mine', 'clientSecret') } : input

const JSON_TYPES = [
  'application/json; charset=utf-8',
  'application/json;charset=UTF-16',
  'application/json; charset=latin1; boundary=x',
  'application/merge-patch+json',
  'application/+json',
  'APPLICATION/JSON',
  'text/plain',
  'text/json',
  'application/xml',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'multipart/form-data; boundary=',
  '',
  'json',
  ';',
]

/** What is done to a JSON text. */
const MANGLES: readonly ((text: string) => string)[] = [
  (text) => text.slice(0, -1),
  (text) => `${text}]`,
  (text) => `\ufeff${text}`,
  (text) => ` \n\t${text}\r\n`,
  (text) => text.replace('{', '{"__proto__":{"admin":true},'),
  (text) => text.replace('{', '{"constructor":{"prototype":{"a":1}},'),
  (text) => text.replace('{', '{"\\u005f_proto__":{"admin":true},'),
  (text) => text.replace(/^\{("[^"]*"):/, '{$1:null,$1:'),
  (text) => text.replace(/\}$/, ',"locationId":"x","companyId":"y"}'),
  (text) => text.replace(/^\{("[^"]*"):.*\}$/s, (all, name) => `${all.slice(0, -1)},${name}:[]}`),
  (text) => text.replace('{', '{"\\ud800":1,'),
  (text) => text.replace('{', '{"a\\u0000":1,'),
  (text) => text.replace(/"([^"]*)"\}?$/, '"\\ud83d$1"}'),
  (text) => `[${text}]`,
  (text) => `${text}${text}`,
  (text) => text.replaceAll('"', "'"),
  () => '',
  () => 'null',
  () => '[]',
  () => '{}',
  () => '0',
  () => '"\\ud800"',
  () => '['.repeat(50_000),
  () => '{"a":'.repeat(5_000),
  () => `{${Array.from({ length: 20_000 }, (_, index) => `"p${index}":1`).join()}}`,
  () => `[${'1,'.repeat(30_000)}1]`,
  () => `"${'\\u0061'.repeat(50_000)}"`,
  () => `{"a":${'9'.repeat(50_000)}}`,
]

function json(value: unknown): Arbitrary<Body> {
  const text = toJson(value)
  const usual = fc.constant<Body>({ type: 'application/json', text, encoding: 'utf8' })
  return fc.oneof(
    { weight: 16, arbitrary: usual },
    {
      weight: 2,
      arbitrary: fc
        .constantFrom(...MANGLES)
        .map((mangle): Body => ({ type: 'application/json', text: mangle(text), encoding: 'utf8' })),
    },
    { weight: 1, arbitrary: fc.constantFrom(...JSON_TYPES).map((type): Body => ({ type, text, encoding: 'utf8' })) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('\xff', '\xed\xa0\x80', '\xc0\x80', '\xf4\x90\x80\x80').map(
        (bytes): Body => ({
          type: 'application/json',
          text: latin(text).replace(/"([^"]*)"\}?$/, `"${bytes}"}`),
          encoding: 'bytes',
        }),
      ),
    },
  )
}

/** A text whose letters are the bytes of another's. */
const latin = (text: string) => Buffer.from(text, 'utf8').toString('latin1')

const asText = (value: unknown) => (typeof value === 'string' ? value.toWellFormed() : toJson(value))

function urlForms(input: Input): Arbitrary<Body> {
  const text = Object.entries(input)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(asText(value)).replaceAll('%20', '+')}`)
    .join('&')
  const tails = [
    '',
    '',
    '',
    '',
    '&grant_type=x',
    '&%00=%00',
    '&__proto__=1',
    '&a=%ff',
    '&a=%',
    '&'.repeat(1_000),
    '&a[]=1&a[]=2',
    `&${Array.from({ length: 101 }, (_, index) => `p${index}=1`).join('&')}`,
  ]
  return fc
    .constantFrom(...tails)
    .map((tail): Body => ({ type: 'application/x-www-form-urlencoded', text: `${text}${tail}`, encoding: 'utf8' }))
}

const BOUNDARY = 'fuzzboundary'
const FILES: readonly { name: string; type: string; content: string }[] = [
  { name: 'a.png', type: 'image/png', content: '\x89PNG\r\n\x1a\n' },
  { name: 'call.mp3', type: 'audio/mpeg', content: 'ID3'.repeat(100) },
  { name: 'contract.pdf', type: 'application/pdf', content: '%PDF-1.7\n' },
  { name: '', type: '', content: '' },
  { name: '../../etc/passwd', type: 'text/plain', content: 'x' },
  { name: 'a\x00.pdf', type: 'application/pdf', content: 'x' },
  { name: latin('ü\u202egpj.exe'), type: 'application/octet-stream', content: '\xff\xfe' },
  { name: `${'x'.repeat(5_000)}.pdf`, type: 'application/pdf', content: 'x' },
  { name: '\xff\xfe.pdf', type: 'application/pdf; charset=\xff', content: 'x' },
  { name: 'a.pdf', type: 'x'.repeat(3_000), content: 'x'.repeat(100_000) },
]
const ENDS = [
  `--${BOUNDARY}--\r\n`,
  '',
  `--${BOUNDARY}`,
  `--${BOUNDARY}\r\n\r\n--${BOUNDARY}--`,
  `\r\n\r\n--${BOUNDARY}--\r\nepilogue`,
]
const TYPES = [
  `multipart/form-data; boundary=${BOUNDARY}`,
  'multipart/form-data',
  `multipart/form-data; boundary="${BOUNDARY}"; charset=utf-16`,
  'multipart/form-data; boundary=other',
  `multipart/mixed; boundary=${BOUNDARY}`,
]

const mostly = <T>(values: readonly T[]): Arbitrary<T> =>
  fc.oneof({ weight: 10, arbitrary: fc.constant(values[0] as T) }, { weight: 1, arbitrary: fc.constantFrom(...values) })

function forms(input: Input, property: string): Arbitrary<Body> {
  const field = (name: string, value: string) =>
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  const fields = Object.entries(input).map(([name, value]) =>
    field(latin(name.replaceAll('"', '%22')), latin(asText(value))),
  )
  const odd = fc.oneof(
    { weight: 10, arbitrary: fc.constant('') },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        field('__proto__', '1'),
        field('constructor', '{}'),
        field('', ''),
        field(property, 'text'),
        field('a', '['.repeat(20_000)),
        field('a', '\x00\xff'),
      ),
    },
  )
  return fc
    .record({
      file: fc.option(fc.tuple(fc.constantFrom(...FILES), mostly([property, 'other', '', '__proto__'])), { freq: 8 }),
      odd,
      end: mostly(ENDS),
      type: mostly(TYPES),
    })
    .map(({ file, odd, end, type }): Body => {
      const part =
        file === null
          ? ''
          : `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${file[1]}"; filename="${file[0].name}"\r\nContent-Type: ${file[0].type}\r\n\r\n${file[0].content}\r\n`
      return { type, text: `${fields.join('')}${odd}${part}${end}`, encoding: 'bytes' }
    })
}
