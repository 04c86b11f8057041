import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import {
  type Delivered,
  SIGNATURE_PRESETS,
  SignatureRule,
  type Verdict,
  verifyDelivery,
} from '../../src/connect/reading/verify.ts'
import { signedHeaders } from '../../src/connect/signatures.ts'
import { misfitsOf } from '../../src/store/validate.ts'

const NOW = 1_772_775_000_000
const body = Buffer.from('{"id":"1","total":"ä"}')
const pair = generateKeyPairSync('ed25519')
const raw = (pair.publicKey.export({ format: 'der', type: 'spki' }) as Buffer).subarray(-32)

const delivered = (headers: Record<string, string | string[]>, more: Partial<Delivered> = {}): Delivered => ({
  headers,
  body,
  addressSecret: null,
  ...more,
})
const isGenuine = (verdict: Verdict) => verdict.genuine
const becauseOf = (verdict: Verdict) => (verdict.genuine ? 'genuine' : verdict.because)

/** What a program sends that keeps to the rule. */
function signedBy(rule: SignatureRule, secret: string, { content = body, atMs = NOW } = {}): Record<string, string> {
  if (rule.kind === 'address' || rule.kind === 'standard') throw new Error('has ways of its own')
  const moment = String(Math.floor(atMs / 1000))
  const signed = (rule.signed ?? '{body}')
    .replace('{timestamp}', moment)
    .replace('{id}', 'd1')
    .replace('{body}', String(content))
  const bytes =
    rule.kind === 'hmac'
      ? createHmac(rule.algorithm, secret).update(signed).digest()
      : sign(null, Buffer.from(signed), pair.privateKey)
  const signature = (rule.prefix ?? '') + bytes.toString(rule.encoding)
  const headers: Record<string, string> = { [rule.header]: signature }
  if (rule.idHeader !== undefined) headers[rule.idHeader] = 'd1'
  if (rule.timestamp === undefined) return headers
  const { header, prefix = '' } = rule.timestamp
  return { ...headers, [header]: header === rule.header ? `${prefix}${moment},${signature}` : prefix + moment }
}

const rules = Object.entries(SIGNATURE_PRESETS).filter(([, { kind }]) => kind === 'hmac' || kind === 'ed25519')
const secretOf = ({ kind }: SignatureRule) => (kind === 'ed25519' ? raw.toString('base64') : 's3cret')

test('the presets take what their programs sign, and nothing that was changed, moved or signed by another', () => {
  assert.equal(rules.length, 6)
  for (const [name, rule] of rules) {
    assert.deepEqual(misfitsOf(SignatureRule, rule), [])
    const secret = secretOf(rule)
    const headers = signedBy(rule, secret)
    const verify = (given: Delivered, secrets = [secret], now = NOW) =>
      isGenuine(verifyDelivery(rule, secrets, given, now))
    assert.ok(verify(delivered(headers)), name)
    assert.ok(verify(delivered(headers), ['another', secret]), `${name}: while secrets are changed`)
    assert.ok(!verify(delivered(headers), ['another']), `${name}: another secret`)
    assert.ok(!verify(delivered(headers), []), `${name}: no secret`)
    assert.ok(!verify(delivered(headers, { body: Buffer.from(`${body} `) })), `${name}: another body`)
    assert.ok(!verify(delivered({})), `${name}: no signature`)
    for (const [header, value] of Object.entries(headers))
      for (const other of ['', ' ', `${value}x`, value.slice(1), value.replace(/.$/, '')])
        assert.ok(!verify(delivered({ ...headers, [header]: other })), `${name}: ${header}: ${other}`)
    assert.ok(
      !verify(delivered(Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, [value, value]])))),
      name,
    )
    if (!('timestamp' in rule)) continue
    assert.ok(verify(delivered(headers), [secret], NOW + 299_000), `${name}: within its tolerance`)
    assert.ok(!verify(delivered(headers), [secret], NOW + 302_000), `${name}: replayed later`)
    assert.ok(!verify(delivered(headers), [secret], NOW - 302_000), `${name}: from the future`)
    const later = signedBy(rule, 'another', { atMs: NOW + 600_000 })
    const moved = { ...headers, [String(rule.timestamp?.header)]: later[String(rule.timestamp?.header)] as string }
    assert.ok(!verify(delivered(moved), [secret], NOW + 600_000), `${name}: with the moment of another`)
  }
})

test('a signature counts in the one encoding that was agreed upon', () => {
  const encodings = ['hex', 'base64', 'base64url'] as const
  for (const encoding of encodings)
    for (const other of encodings) {
      const rule = (one: typeof encoding): SignatureRule => ({
        kind: 'hmac',
        algorithm: 'sha256',
        header: 'x-sig',
        encoding: one,
      })
      // With both of the letters that tell base64 and base64url apart.
      const secret = Array.from({ length: 1000 }, (_, at) => `s${at}`).find((one) =>
        /(?=.*\+)(?=.*\/)/.test(createHmac('sha256', one).update(body).digest('base64')),
      ) as string
      const verdict = verifyDelivery(rule(encoding), [secret], delivered(signedBy(rule(other), secret)), NOW)
      assert.equal(isGenuine(verdict), encoding === other, `${other} for ${encoding}: ${becauseOf(verdict)}`)
    }
})

test('what others sign by Standard Webhooks is taken, by secret and by key', () => {
  const secret = `whsec_${randomBytes(32).toString('base64')}`
  const id = 'msg_1'
  const by = new Webhook(secret).sign(id, new Date(NOW), String(body))
  const headers = { 'webhook-id': id, 'webhook-timestamp': String(NOW / 1000), 'webhook-signature': `v1,AAAA ${by}` }
  const rule: SignatureRule = { kind: 'standard' }
  const verify = (given: Delivered, secrets = [secret], now = NOW) => verifyDelivery(rule, secrets, given, now)
  assert.deepEqual(verify(delivered(headers)), { genuine: true, id })
  const ours = signedHeaders({ id, body: String(body), atMs: NOW }, [], [{ secret: pair.privateKey }] as never)
  const key = `whpk_${raw.toString('base64')}`
  assert.deepEqual(verify(delivered(ours), [key]), { genuine: true, id })
  assert.equal(isGenuine(verify(delivered(ours))), false, 'a key does not stand for a secret')
  assert.equal(isGenuine(verify(delivered(headers), [key])), false)
  // The public key is known to everybody: signing with it as a secret must not help.
  const forged = `v1,${createHmac('sha256', raw)
    .update(`${id}.${NOW / 1000}.${body}`)
    .digest('base64')}`
  for (const signature of [
    forged,
    forged.replace('v1,', 'v1a,'),
    by.replace('v1,', 'v1a,'),
    by.replace('v1,', ''),
    by.replace('v1,', 'v2,'),
  ])
    assert.equal(
      isGenuine(verify(delivered({ ...headers, 'webhook-signature': signature }), [key, secret])),
      false,
      signature,
    )
  assert.equal(isGenuine(verify(delivered({ ...headers, 'webhook-id': 'msg_2' }))), false, 'another id')
  assert.match(becauseOf(verify(delivered(headers), [secret], NOW + 301_000)), /sent 301 s ago/)
  assert.match(becauseOf(verify(delivered(headers), [secret], NOW - 301_000)), /future/)
  for (const moment of ['', 'soon', '-1', '1e9', `${NOW / 1000}.0`, ` ${NOW / 1000}`])
    assert.equal(isGenuine(verify(delivered({ ...headers, 'webhook-timestamp': moment }))), false, moment)
})

test('public keys are taken as PEM, base64 or hex, and only those of Ed25519', () => {
  const rule = SIGNATURE_PRESETS.highlevel as SignatureRule
  const headers = signedBy(rule, '')
  const pem = pair.publicKey.export({ format: 'pem', type: 'spki' }) as string
  const der = pair.publicKey.export({ format: 'der', type: 'spki' }) as Buffer
  for (const key of [pem, der.toString('base64'), raw.toString('base64'), raw.toString('hex')])
    assert.ok(isGenuine(verifyDelivery(rule, [key], delivered(headers), NOW)), key)
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const zero = Buffer.alloc(32).toString('base64')
  for (const key of [publicKey.export({ format: 'pem', type: 'spki' }) as string, 'nothing', '', zero])
    assert.ok(!isGenuine(verifyDelivery(rule, [key], delivered(headers), NOW)), key)
})

test('a secret in the address is compared as a whole', () => {
  const verify = (given: string | null) =>
    isGenuine(verifyDelivery({ kind: 'address' }, ['s3cret'], delivered({}, { addressSecret: given }), NOW))
  assert.ok(verify('s3cret'))
  for (const given of [null, '', 's3cre', 's3crets', 'S3CRET']) assert.ok(!verify(given), String(given))
})

test('whatever stands in the headers, the answer is no', () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.base64String(),
    fc.stringMatching(/^(t=\d+,)?v1=[0-9a-f]*$/),
  )
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(SIGNATURE_PRESETS)), text, text, text, (rule, one, two, three) => {
      const names = ['header' in rule ? rule.header : 'webhook-signature', 'webhook-id', 'x-slack-request-timestamp']
      const headers = {
        [names[0] as string]: one,
        [names[1] as string]: two,
        [names[2] as string]: three,
        'webhook-timestamp': String(NOW / 1000),
      }
      assert.equal(isGenuine(verifyDelivery(rule, [secretOf(rule)], delivered(headers), NOW)), false)
    }),
    { numRuns: 300 },
  )
})
