import { domainToUnicode } from 'node:url'

/*
 * By what texts that people type are the same name: of assets, of tags on contacts, in terms of records and in filters.
 * Two names that look alike are one. What is stored and shown stays as it was typed; only comparing folds.
 */

/**
 * Nothing to see: joiners, marks of direction, variation selectors, blank letters. The letters inside of flags (U+E0020
 * to U+E007F) tell them apart.
 */
const INVISIBLE = /(?![\u{E0020}-\u{E007F}])\p{Default_Ignorable_Code_Point}/gu
const PLAIN = /^[!-~]+( [!-~]+)*$/

/** One character may stand for eighteen, and an entry of an index has some 2,600 bytes. */
const MOST_CHARACTERS = 500

/**
 * Equal for names that are the same: NFKC, nothing invisible, one blank for all spaces in a row, lower case. Empty for
 * a name with nothing to see.
 */
export function naturalKey(text: string): string {
  return PLAIN.test(text) && text.length <= MOST_CHARACTERS ? text.toLowerCase() : folded(text)
}

function folded(text: string): string {
  const key = foldedWhole(text)
  return key.length > MOST_CHARACTERS ? key.slice(0, MOST_CHARACTERS).toWellFormed().trim() : key
}

function foldedWhole(text: string): string {
  // Lower case may leave letters apart that belong together.
  const lower = visible(text).toLowerCase().normalize('NFKC')
  return lower.replace(/[\s\u0085]+/gu, ' ').trim()
}

/** NFKC, without what cannot be seen. */
export const visible = (text: string): string => text.replace(INVISIBLE, '').normalize('NFKC')

/**
 * Texts of any length fold alike if they are the same but for case and form; a part folds as it does in the whole. In SQL:
 * `foldedTextOf` (db/folded-text.ts).
 */
export const foldedText = (text: string): string => foldedWhole(text).replaceAll('ς', 'σ')

/**
 * An e-mail as it is stored: cleaned of what came along in copying, its domain in letters. One in ASCII keeps its case,
 * another is in lower case, so that `lower()` makes `emailKey` of either whatever letters the database knows.
 */
export function toEmail(typed: string): string {
  const plain = /^[!-~]*$/.test(typed) ? typed : foldedText(typed)
  const [, name = '', domain = ''] = /^(.*@)([^@]*)$/s.exec(plain) ?? []
  return /(^|\.)xn--/i.test(domain) ? foldedText(name + (domainToUnicode(domain) || domain)) : plain
}

/** By what e-mails are the same. */
export const emailKey = (typed: string): string => toEmail(typed.trim()).toLowerCase()

/** A name as it is stored: without spaces around it; empty if there is nothing to see in it. */
export const trimmedName = (text: string): string => (naturalKey(text) === '' ? '' : text.trim())

/** The names of tags as contacts carry them: in lower case, as on the wire, and each once. */
export function toTags(names: readonly string[]): string[] {
  return eachOnce(names.map((name) => trimmedName(name).toLowerCase()).filter((name) => name !== ''))
}

/** Of those that are the same, the first. */
export function eachOnce(names: readonly string[]): string[] {
  const keys = new Set<string>()
  return names.filter((name) => keys.size < keys.add(naturalKey(name)).size)
}

/** Those that are none of the others. */
export const without = (names: readonly string[], others: readonly string[]): string[] => taking(others)(names)

/** The same for many lists. */
export function taking(others: readonly string[]): (names: readonly string[]) => string[] {
  const keys = new Set(others.map(naturalKey))
  return (names) => names.filter((name) => !keys.has(naturalKey(name)))
}

/** Adds these to many lists, each once. */
export function adding(others: readonly string[]): (names: readonly string[]) => string[] {
  const more = eachOnce(others).map((name) => [naturalKey(name), name] as const)
  return (names) => {
    const keys = new Set(names.map(naturalKey))
    return [...names, ...more.flatMap(([key, name]) => (keys.has(key) ? [] : [name]))]
  }
}
