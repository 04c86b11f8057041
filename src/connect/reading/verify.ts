import {
  createHash,
  createHmac,
  createPublicKey,
  type KeyObject,
  timingSafeEqual,
  verify as verifyByKey,
} from 'node:crypto'
import { type Static, Type } from 'typebox'

const Header = (description: string) =>
  Type.String({ minLength: 1, maxLength: 100, pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$", description })

const common = {
  header: Header('Where the signature stands. Several may, with spaces or commas between them.'),
  encoding: Type.Enum(['hex', 'base64', 'base64url']),
  prefix: Type.Optional(Type.String({ maxLength: 40, description: 'Before each signature: `sha256=`, `v0=`, `v1,`.' })),
  signed: Type.Optional(
    Type.String({
      maxLength: 200,
      pattern: '\\{body\\}',
      description: 'What is signed, of {body}, {timestamp} and {id}. Without it: `{body}`.',
      examples: ['{timestamp}.{body}'],
    }),
  ),
  timestamp: Type.Optional(
    Type.Object(
      {
        header: Header('Where the moment of sending stands: seconds or milliseconds since 1970.'),
        prefix: Type.Optional(Type.String({ maxLength: 40, description: 'Before it: `t=`.' })),
        toleranceS: Type.Integer({ minimum: 1, maximum: 86_400, description: 'So far it may be from now.' }),
      },
      { additionalProperties: false },
    ),
  ),
  idHeader: Type.Optional(Header('Where the id of the delivery stands.')),
}

/** How deliveries of another program prove where they come from. The secrets are kept elsewhere. */
export const SignatureRule = Type.Union([
  Type.Object(
    { kind: Type.Literal('address', { description: 'A secret is part of the address.' }) },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      kind: Type.Literal('standard', { description: 'Standard Webhooks 1.0: v1 by a secret, v1a by a key.' }),
      toleranceS: Type.Optional(Type.Integer({ minimum: 1, maximum: 86_400 })),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    { kind: Type.Literal('hmac'), algorithm: Type.Enum(['sha256', 'sha512', 'sha1']), ...common },
    { additionalProperties: false },
  ),
  Type.Object({ kind: Type.Literal('ed25519'), ...common }, { additionalProperties: false }),
])
export type SignatureRule = Static<typeof SignatureRule>
type Signed = Extract<SignatureRule, { header: string }>

/** Programs that sign in a way of their own. */
export const SIGNATURE_PRESETS: Record<string, SignatureRule> = {
  stripe: {
    kind: 'hmac',
    algorithm: 'sha256',
    header: 'stripe-signature',
    encoding: 'hex',
    prefix: 'v1=',
    signed: '{timestamp}.{body}',
    timestamp: { header: 'stripe-signature', prefix: 't=', toleranceS: 300 },
  },
  quickbooks: { kind: 'hmac', algorithm: 'sha256', header: 'intuit-signature', encoding: 'base64' },
  shopify: { kind: 'hmac', algorithm: 'sha256', header: 'x-shopify-hmac-sha256', encoding: 'base64' },
  github: { kind: 'hmac', algorithm: 'sha256', header: 'x-hub-signature-256', encoding: 'hex', prefix: 'sha256=' },
  slack: {
    kind: 'hmac',
    algorithm: 'sha256',
    header: 'x-slack-signature',
    encoding: 'hex',
    prefix: 'v0=',
    signed: 'v0:{timestamp}:{body}',
    timestamp: { header: 'x-slack-request-timestamp', toleranceS: 300 },
  },
  highlevel: { kind: 'ed25519', header: 'x-ghl-signature', encoding: 'base64' },
  standard: { kind: 'standard' },
  address: { kind: 'address' },
}

export interface Delivered {
  /** Names in lower case. */
  headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Byte by byte as it came. */
  body: Buffer
  /** What stands in the address; null: nothing. */
  addressSecret: string | null
}

export type Verdict = { genuine: true; id: string | null } | { genuine: false; because: string }

/** As their own libraries have it. */
const STANDARD_TOLERANCE_S = 300
const MOST_SIGNATURES = 20

/**
 * Whether one of the secrets (any, while they are changed) signed the delivery. Secrets: texts; of Standard Webhooks
 * `whsec_` or `whpk_` with base64; of Ed25519 the public key, in PEM, base64 or hex.
 */
export function verifyDelivery(
  rule: SignatureRule,
  secrets: readonly string[],
  delivered: Delivered,
  nowMs: number,
): Verdict {
  if (secrets.length === 0) return no('the connection has no secret yet')
  if (rule.kind === 'address') return verifyAddress(secrets, delivered.addressSecret)
  return rule.kind === 'standard'
    ? verifyStandard(rule.toleranceS ?? STANDARD_TOLERANCE_S, secrets, delivered, nowMs)
    : verifySigned(rule, secrets, delivered, nowMs)
}

const no = (because: string): Verdict => ({ genuine: false, because })
const NOT_OURS = 'no signature of it is of this connection'

/** Equal in the same time wherever they differ. */
function isEqual(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other)
}

const digest = (text: string) => createHash('sha256').update(text).digest()

function verifyAddress(secrets: readonly string[], given: string | null): Verdict {
  if (given === null) return no('its address lacks the secret')
  const hash = digest(given)
  const found = secrets.filter((secret) => isEqual(digest(secret), hash))
  return found.length > 0 ? { genuine: true, id: null } : no('the secret of its address is another')
}

/** One header, as it came; null: it is missing, or there are several of it. */
function headerOf({ headers }: Delivered, name: string): string | null {
  const found = headers[name.toLowerCase()]
  return typeof found === 'string' && found !== '' ? found : null
}

function verifyStandard(toleranceS: number, secrets: readonly string[], delivered: Delivered, nowMs: number): Verdict {
  const id = headerOf(delivered, 'webhook-id')
  const timestamp = headerOf(delivered, 'webhook-timestamp')
  const signatures = headerOf(delivered, 'webhook-signature')
  if (id === null || timestamp === null || signatures === null)
    return no('it lacks webhook-id, webhook-timestamp or webhook-signature')
  const fault = ageFault(timestamp, toleranceS, nowMs)
  if (fault !== null) return no(fault)
  const content = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), delivered.body])
  const given = signatures.split(' ').slice(0, MOST_SIGNATURES)
  const by = (secret: string) => {
    const isKey = secret.startsWith('whpk_')
    const key = isKey ? toPublicKey(secret.slice(5)) : toStandardSecret(secret)
    return key !== null && given.some((one) => isOf(one, isKey ? 'v1a,' : 'v1,', content, key))
  }
  return secrets.some(by) ? { genuine: true, id } : no(NOT_OURS)
}

function isOf(signature: string, prefix: string, content: Buffer, key: Buffer | KeyObject): boolean {
  const bytes = signature.startsWith(prefix) ? decode(signature.slice(prefix.length), 'base64') : null
  if (bytes === null) return false
  return Buffer.isBuffer(key)
    ? isEqual(bytes, createHmac('sha256', key).update(content).digest())
    : isByKey(content, key, bytes)
}

const isByKey = (content: Buffer, key: KeyObject, bytes: Buffer) =>
  bytes.length === 64 && verifyByKey(null, content, key, bytes)

/** What stands behind the prefix is base64; a text that is none is the secret itself. */
function toStandardSecret(secret: string): Buffer | null {
  const bytes = decode(secret.replace(/^whsec_/, ''), 'base64')
  return bytes ?? (secret.startsWith('whsec_') ? null : Buffer.from(secret))
}

function verifySigned(rule: Signed, secrets: readonly string[], delivered: Delivered, nowMs: number): Verdict {
  const written = headerOf(delivered, rule.header)
  if (written === null) return no(`it lacks the header ${rule.header}`)
  const timestamp = rule.timestamp === undefined ? '' : timestampOf(rule.timestamp, delivered)
  if (timestamp === null) return no(`it lacks the moment in ${rule.timestamp?.header}`)
  const fault = rule.timestamp === undefined ? null : ageFault(timestamp, rule.timestamp.toleranceS, nowMs)
  if (fault !== null) return no(fault)
  const id = rule.idHeader === undefined ? null : headerOf(delivered, rule.idHeader)
  if (rule.signed?.includes('{id}') && id === null) return no(`it lacks the id in ${rule.idHeader ?? 'a header'}`)
  const content = contentOf(rule.signed ?? '{body}', { timestamp, id: id ?? '', body: delivered.body })
  const given = signaturesIn(written, rule)
  if (given.length === 0) return no(`${rule.header} holds no signature in ${rule.encoding}`)
  const isGenuine = secrets.some((secret) => {
    if (rule.kind === 'hmac') {
      const own = createHmac(rule.algorithm, secret).update(content).digest()
      return given.some((one) => isEqual(one, own))
    }
    const key = toPublicKey(secret)
    return key !== null && given.some((one) => isByKey(content, key, one))
  })
  return isGenuine ? { genuine: true, id } : no(NOT_OURS)
}

function signaturesIn(written: string, { prefix = '', encoding }: Signed): Buffer[] {
  // A prefix may hold a comma itself.
  const parts = prefix.includes(',') ? written.split(' ') : written.split(/[\s,]+/)
  return parts
    .slice(0, MOST_SIGNATURES)
    .filter((part) => part.startsWith(prefix))
    .map((part) => decode(part.slice(prefix.length), encoding))
    .filter((bytes) => bytes !== null)
}

function timestampOf({ header, prefix }: NonNullable<Signed['timestamp']>, delivered: Delivered): string | null {
  const written = headerOf(delivered, header)
  if (written === null || prefix === undefined) return written
  const found = written.split(/[\s,]+/).filter((part) => part.startsWith(prefix))
  return found.length === 1 ? (found[0] as string).slice(prefix.length) : null
}

const MILLISECONDS = 1e11

function ageFault(timestamp: string, toleranceS: number, nowMs: number): string | null {
  if (!/^\d{9,14}$/.test(timestamp)) return 'its moment of sending cannot be read'
  const at = Number(timestamp)
  const ageS = (nowMs - (at < MILLISECONDS ? at * 1000 : at)) / 1000
  if (ageS > toleranceS) return `it was sent ${Math.round(ageS)} s ago, more than ${toleranceS}`
  return ageS < -toleranceS ? 'it comes from the future' : null
}

function contentOf(template: string, values: { timestamp: string; id: string; body: Buffer }): Buffer {
  const parts = template.split(/(\{(?:body|timestamp|id)\})/)
  return Buffer.concat(
    parts.map((part) => {
      if (part === '{body}') return values.body
      return Buffer.from(part === '{timestamp}' ? values.timestamp : part === '{id}' ? values.id : part)
    }),
  )
}

const SPELLINGS = {
  hex: /^(?:[0-9a-f]{2})+$/i,
  base64: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  base64url: /^[A-Za-z0-9_-]+={0,2}$/,
}

/** Only what is spelled that way: Node takes everything and leaves out what it cannot read. */
function decode(text: string, encoding: keyof typeof SPELLINGS): Buffer | null {
  return text !== '' && SPELLINGS[encoding].test(text) ? Buffer.from(text, encoding) : null
}

/** The beginning of an Ed25519 key in DER (RFC 8410); the 32 bytes follow it. */
const ED25519 = Buffer.from('302a300506032b6570032100', 'hex')

function toPublicKey(text: string): KeyObject | null {
  try {
    if (text.includes('-----BEGIN PUBLIC KEY-----')) return ofEd25519(createPublicKey(text))
    const bytes = text.length === 64 ? decode(text, 'hex') : decode(text, 'base64')
    if (bytes === null) return null
    const key = bytes.length === 32 ? Buffer.concat([ED25519, bytes]) : bytes
    return ofEd25519(createPublicKey({ key, format: 'der', type: 'spki' }))
  } catch {
    return null
  }
}

const ofEd25519 = (key: KeyObject) => (key.asymmetricKeyType === 'ed25519' ? key : null)
