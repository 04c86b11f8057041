import { setTimeout as pause } from 'node:timers/promises'

const LARGE_CHARACTERS = 65_536
/** Of the time, so many times what reading a large body took belongs to others before the next one is read. */
const REST = 3
/**
 * In a body of the largest size that leaves 20 characters for each; a million of them take 50 times as long to read as
 * they take to count.
 */
export const MOST_VALUES = 100_000

/** Reads large bodies one after the other, with a rest between them: each stops everything for as long as it takes. */
export function createPacedReader(): (text: string, read: () => void) => void {
  let last: Promise<void> = Promise.resolve()
  return (text, read) => {
    if (text.length < LARGE_CHARACTERS) {
      read()
      return
    }
    last = last.then(async () => {
      const began = performance.now()
      read()
      // What is made of it before it is first waited for belongs to it, too.
      await new Promise((resolve) => setImmediate(resolve))
      await pause((performance.now() - began) * REST)
    })
    // Faults are told through `read`; whatever else there is keeps nobody behind it waiting.
    last = last.catch(() => {})
  }
}

/**
 * True for JSON with so many values that reading it would take everybody's time and memory. Text that is no JSON may
 * pass: its reader says so.
 */
export function holdsTooMany(text: string): boolean {
  // A value takes two characters, and whoever counts separators without looking where they stand counts too many: most
  // bodies end here.
  if (text.length < MOST_VALUES * 2 || countUpTo(text, MOST_VALUES) <= MOST_VALUES) return false
  let values = 0
  for (let at = 0; at < text.length && values <= MOST_VALUES; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfText(text, at)
    else if (SEPARATORS.has(code)) values++
  }
  return values > MOST_VALUES
}

const [QUOTE, BACKSLASH] = ['"'.charCodeAt(0), '\\'.charCodeAt(0)]
/** Each value follows one of these, but the first. */
const SEPARATORS = new Set([...',[{'].map((character) => character.charCodeAt(0)))

function countUpTo(text: string, most: number): number {
  let count = 0
  for (const separator of [',', '[', '{'])
    for (let at = text.indexOf(separator); at >= 0 && count <= most; at = text.indexOf(separator, at + 1)) count++
  return count
}

/** Where the text that begins here ends; what does not end, ends with everything. */
function endOfText(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let escapes = 0
    while (text.charCodeAt(at - 1 - escapes) === BACKSLASH) escapes++
    if (escapes % 2 === 0) return at
  }
  return text.length
}
