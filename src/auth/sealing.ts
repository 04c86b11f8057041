import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/** A key from outside the database, and the name by which sealed values call it. */
export interface OutsideKey {
  id: string
  bytes: Buffer
}

/** Where a sealed value stands. It opens nowhere else: no row can be given another's secret. */
export interface SealedPlace {
  table: string
  column: string
  id: string
}

export const KEY_BYTES = 32
const ALGORITHM = 'aes-256-gcm'
const [SALT_BYTES, NONCE_BYTES, TAG_BYTES] = [16, 12, 16]
const FORM = 'v1'

export function toOutsideKey(bytes: Buffer): OutsideKey {
  return { id: createHmac('sha256', bytes).update('tintype key id').digest('hex').slice(0, 12), bytes }
}

/** Every value has a key and a nonce of its own, so it does not matter how many are sealed with one outside key. */
function keyFor(key: OutsideKey, salt: Buffer): { secret: Buffer; nonce: Buffer } {
  const derived = Buffer.from(hkdfSync('sha256', key.bytes, salt, 'tintype sealed value', KEY_BYTES + NONCE_BYTES))
  return { secret: derived.subarray(0, KEY_BYTES), nonce: derived.subarray(KEY_BYTES) }
}

const contextOf = (keyId: string, { table, column, id }: SealedPlace) =>
  Buffer.from(JSON.stringify([FORM, keyId, table, column, id]))

/** How whatever is sealed with a key begins. */
export const prefixOf = (keyId: string) => `${FORM}.${keyId}.`

/** AES-256-GCM over the secret and its place: `v1.<key id>.<base64url of salt, ciphertext and tag>`. */
export function seal(key: OutsideKey, place: SealedPlace, secret: Buffer): string {
  const salt = randomBytes(SALT_BYTES)
  const { secret: own, nonce } = keyFor(key, salt)
  const cipher = createCipheriv(ALGORITHM, own, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(contextOf(key.id, place))
  const sealed = Buffer.concat([salt, cipher.update(secret), cipher.final(), cipher.getAuthTag()])
  return prefixOf(key.id) + sealed.toString('base64url')
}

/** The id of the key that a value was sealed with; null where it is none of ours. */
export function keyIdOf(sealed: string): string | null {
  const [form, keyId = '', , ...more] = sealed.split('.')
  return form === FORM && more.length === 0 && keyId !== '' ? keyId : null
}

/** Throws where the value was changed, was sealed with another key, or belongs to another place. */
export function unseal(key: OutsideKey, place: SealedPlace, sealed: string): Buffer {
  const bytes = Buffer.from(sealed.split('.')[2] ?? '', 'base64url')
  if (keyIdOf(sealed) !== key.id || bytes.length < SALT_BYTES + TAG_BYTES)
    throw new Error('not a value that was sealed with this key')
  const { secret: own, nonce } = keyFor(key, bytes.subarray(0, SALT_BYTES))
  const decipher = createDecipheriv(ALGORITHM, own, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(contextOf(key.id, place))
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
  return Buffer.concat([decipher.update(bytes.subarray(SALT_BYTES, -TAG_BYTES)), decipher.final()])
}
