import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { keyIdOf, seal, toOutsideKey, unseal } from '../../src/auth/sealing.ts'

const [key, other] = [toOutsideKey(randomBytes(32)), toOutsideKey(randomBytes(32))]
const place = { table: 'signing_key', column: 'sealed', id: '1' }

test('what was sealed opens with its key at its place, and says which key that is', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), (secret) => {
      const sealed = seal(key, place, Buffer.from(secret))
      assert.equal(keyIdOf(sealed), key.id)
      assert.deepEqual(unseal(key, place, sealed), Buffer.from(secret))
    }),
    { numRuns: 50 },
  )
})

test('no two sealed values are alike, and none holds the secret or the key', () => {
  const secret = Buffer.from('a secret that would be seen')
  const made = Array.from({ length: 50 }, () => seal(key, place, secret))
  assert.equal(new Set(made).size, 50)
  for (const sealed of made)
    for (const hidden of [secret, key.bytes])
      assert.equal(Buffer.from(sealed.split('.')[2]!, 'base64url').includes(hidden), false)
})

test('another key, table, column or row, or one changed bit, opens nothing', () => {
  const sealed = seal(key, place, Buffer.from('secret'))
  assert.throws(() => unseal(other, place, sealed))
  assert.throws(
    () => unseal(other, place, sealed.replace(key.id, other.id)),
    'even where it claims to be of the other key',
  )
  for (const elsewhere of [{ table: 'token' }, { column: 'secret' }, { id: '2' }])
    assert.throws(() => unseal(key, { ...place, ...elsewhere }, sealed))
  const [form, id, body] = sealed.split('.') as [string, string, string]
  const bytes = Buffer.from(body, 'base64url')
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const changed = Buffer.from(bytes)
    changed[bit >> 3]! ^= 1 << (bit & 7)
    assert.throws(() => unseal(key, place, [form, id, changed.toString('base64url')].join('.')), `bit ${bit}`)
  }
  for (const broken of ['', 'v1', `v1.${key.id}.`, `v1.${key.id}.AAAA`, `v2.${key.id}.${body}`, `${sealed}.x`])
    assert.throws(() => unseal(key, place, broken), broken)
})
