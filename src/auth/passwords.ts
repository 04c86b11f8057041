import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { isCommonPassword } from './common-passwords.ts'

/** Its name is an enum, which is gone when types are. */
const ARGON2ID = 2
export interface PasswordCost {
  /** KiB. */
  memoryCost: number
  timeCost: number
}

/** As much as ASVS 5.0 (appendix C) asks of argon2id with this memory, and a pass more. */
const FULL_COST: PasswordCost = { memoryCost: 47_104, timeCost: 2 }
let cost = FULL_COST

/**
 * What a hash costs in this process from here on, the full cost where nothing is said. For tests, whose passwords
 * protect nothing. Answers what it cost until now.
 */
export function setPasswordCost(next: PasswordCost = FULL_COST): PasswordCost {
  const last = cost
  cost = next
  return last
}

const prefix = () => `$argon2id$v=19$m=${cost.memoryCost},t=${cost.timeCost},p=1$`

/** What people choose themselves has at least so many characters. */
export const LEAST_PASSWORD = 12
export const MOST_PASSWORD = 1000

const plain = (password: string) => password.normalize('NFKC')

/** Each holds as much memory as it costs: however many sign in, so many are hashed at a time. */
const AT_ONCE = 2
let hashing = 0
const waiting: (() => void)[] = []

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (hashing === AT_ONCE) await new Promise<void>((go) => waiting.push(go))
  else hashing++
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next === undefined) hashing--
    else next()
  }
}

export const hashPassword = (password: string): Promise<string> =>
  inTurn(() => hash(plain(password), { algorithm: ARGON2ID, parallelism: 1, ...cost }))

/** Compared with where nobody has a password, so that an unknown e-mail takes as long as a wrong password. */
const nobody = () => `${prefix()}${'A'.repeat(22)}$${'A'.repeat(43)}`

/** Made in another way, or with another cost, than today's. */
export const isOutdated = (stored: string) => !stored.startsWith(prefix())

/** Whether this is the password of a hash. Takes equally long where there is none. */
export async function isPassword(hashed: string | null, password: string): Promise<boolean> {
  const right = await inTurn(() =>
    hashed?.startsWith('scrypt$') ? isScrypt(hashed, plain(password)) : verify(hashed ?? nobody(), plain(password)),
  )
  return right && hashed !== null
}

/** As they were hashed before: the cost stands with the hash. */
async function isScrypt(hashed: string, password: string): Promise<boolean> {
  const [, N, r, p, salt = '', key = ''] = hashed.split('$')
  const cost: ScryptOptions = { N: Number(N), r: Number(r), p: Number(p), maxmem: 256 * Number(N) * Number(r) }
  const wanted = Buffer.from(key, 'base64url')
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  scrypt(password, Buffer.from(salt, 'base64url'), wanted.length, cost, (error, derived) =>
    error === null ? resolve(derived) : reject(error),
  )
  return timingSafeEqual(await promise, wanted)
}

/** What is wrong with a password that somebody chose; null when nothing is. */
export function faultOfPassword(password: string, { email, name }: { email: string; name: string }): string | null {
  if ([...password].length < LEAST_PASSWORD) return `password must have at least ${LEAST_PASSWORD} characters`
  if (password.length > MOST_PASSWORD) return `password must have at most ${MOST_PASSWORD} characters`
  if (new Set(password).size < 5) return 'password must not repeat a few characters'
  const rest = [email, email.split('@')[0] as string, ...name.split(/\s+/), 'password', 'tintype']
    .filter((word) => word.length > 2)
    .reduce((left, word) => left.toLowerCase().replaceAll(word.toLowerCase(), ''), password)
  if ([...rest].length < LEAST_PASSWORD / 2) return 'password must not be made of your name or e-mail'
  return isCommonPassword(plain(password)) ? 'password must not be one of those that are tried first' : null
}

/** For somebody to be told once: 120 bits. */
export const newPassword = () => randomBytes(15).toString('base64url')
