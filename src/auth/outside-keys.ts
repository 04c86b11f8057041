import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Config } from '../config.ts'
import { createWhole, makeClosed, replaceWhole } from '../whole-files.ts'
import { KEY_BYTES, type OutsideKey, toOutsideKey } from './sealing.ts'

export type KeySettings = Pick<Config, 'secretKey' | 'secretKeyFile' | 'data'>

/** Where the keys from outside the database come from. */
export interface KeySource {
  /** In words, for messages. */
  name: string
  /** Null: they are in the environment, which nobody can write to or read anew. */
  path: string | null
}

export const newKeyText = () => randomBytes(KEY_BYTES).toString('base64url')

/** The environment wins over a file, a file that is named over the one in the data folder. */
export function sourceOf(settings: KeySettings): KeySource {
  if (settings.secretKey !== undefined) return { name: 'TINTYPE_SECRET_KEY', path: null }
  const path = settings.secretKeyFile ?? join(settings.data, 'secret.key')
  return { name: path, path }
}

/**
 * The keys, the one that seals first; the others still open what they have sealed. Empty where there is no file yet. A
 * file has one on each line, the variable has them comma separated.
 */
export function readOutsideKeys(settings: KeySettings): OutsideKey[] {
  const source = sourceOf(settings)
  if (source.path === null) return parseKeys(settings.secretKey as string, source)
  if (existsSync(source.path)) return parseKeys(readFileSync(source.path, 'utf8'), source)
  if (settings.secretKeyFile !== undefined)
    throw new Error(`There is no file ${source.path}, which TINTYPE_SECRET_KEY_FILE names.`)
  return []
}

const partsOf = (text: string) => text.split(/[\s,]+/).filter((part) => part !== '')

const isHex = (part: string) => /^[0-9a-f]{64}$/i.test(part)

function parseKeys(text: string, source: KeySource): OutsideKey[] {
  const parts = partsOf(text)
  if (parts.length === 0) throw new Error(`${source.name} holds no key. Make one: tintype keys generate`)
  return parts.map((part) => {
    const bytes = isHex(part) ? Buffer.from(part, 'hex') : Buffer.from(part, 'base64url')
    const isWhole = bytes.length === KEY_BYTES && (isHex(part) || /^[\w+/-]{43}=?$/.test(part))
    if (!isWhole)
      throw new Error(
        `${source.name}: a key is ${KEY_BYTES} random bytes in base64 or hex. Make one: tintype keys generate`,
      )
    return toOutsideKey(bytes)
  })
}

/**
 * Makes the key file of the data folder, readable by its owner alone. Whoever comes second gets what the first has
 * made.
 */
export function makeKeyFile(path: string): void {
  makeClosed(dirname(path))
  createWhole(path, newKeyText())
}

/** Puts a new key before the others, or keeps the first alone. Never half-written. */
export function rewriteKeyFile(path: string, change: (lines: string[]) => string[]): void {
  replaceWhole(path, change(partsOf(readFileSync(path, 'utf8'))).join('\n'))
}
