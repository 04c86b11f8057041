import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'

declare const blobHash: unique symbol
/** SHA-256 of a document's canonical JSON, in hex. */
export type BlobHash = string & { readonly [blobHash]: true }

/** RFC 8785: sorted keys, one way to write each number and string. */
export function canonicalJson(document: unknown): string {
  const text = canonicalize(document)
  if (text === undefined) throw new TypeError('only JSON values have a canonical form')
  return text
}

export function hashText(canonicalText: string): BlobHash {
  return createHash('sha256').update(canonicalText).digest('hex') as BlobHash
}
