import { sql } from 'kysely'
import { type Db, json, query, texts } from '../../db/pool.ts'
import type { BlobHash } from '../hash.ts'

export interface Blob {
  /** The portable document as JSON text. */
  text: string
  refs: string[]
  parts: string[]
}

const CACHE_CHARACTERS = 16_000_000
/** Blobs are immutable, so what was read once stays true; the oldest go when the cache is full. */
const cache = new Map<string, Blob>()
let cachedCharacters = 0

/** The blobs of these hashes. Every hash must exist. */
export async function getBlobs(db: Db, hashes: readonly string[]): Promise<Map<string, Blob>> {
  const found = new Map<string, Blob>()
  const wanted: string[] = []
  for (const hash of new Set(hashes)) {
    const blob = cache.get(hash)
    if (blob === undefined) wanted.push(hash)
    else found.set(hash, blob)
  }
  if (wanted.length > 0) {
    const rows = await query(
      db,
      sql<{ hash: string; text: string; refs: string[]; parts: string[] }>`
        select hash, doc::text as text, refs, parts from blob
          where hash = any(select decode(h, 'hex') from unnest(${texts(wanted)}) h)`,
    )
    for (const { hash, ...blob } of rows) {
      found.set(hash, blob)
      keep(hash, blob)
    }
  }
  for (const hash of hashes) if (!found.has(hash)) throw new Error(`blob ${hash} is missing`)
  return found
}

function keep(hash: string, blob: Blob): void {
  if (cache.has(hash)) return
  cache.set(hash, blob)
  cachedCharacters += blob.text.length
  for (const [oldest, { text }] of cache) {
    if (cachedCharacters <= CACHE_CHARACTERS) return
    cache.delete(oldest)
    cachedCharacters -= text.length
  }
}

export interface NewBlob {
  hash: BlobHash
  text: string
  refs: string[]
  parts: string[]
}

/**
 * Stores documents that are not there yet, in the order of their hashes: two writers of the same ones wait, and never
 * for each other. Returns how many were new.
 */
export async function putBlobs(db: Db, blobs: readonly NewBlob[]): Promise<number> {
  if (blobs.length === 0) return 0
  const rows = await query(
    db,
    sql<{ hash: string }>`
      insert into blob (hash, doc, refs, parts)
      select decode(b->>'hash', 'hex'), (b->>'text')::jsonb, array(select jsonb_array_elements_text(b->'refs')),
        array(select jsonb_array_elements_text(b->'parts'))
      from jsonb_array_elements(${json(blobs.toSorted((a, b) => (a.hash < b.hash ? -1 : 1)))}) b
      on conflict (hash) do nothing
      returning hash`,
  )
  return rows.length
}
