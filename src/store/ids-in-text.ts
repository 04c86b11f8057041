/** A word of a text that may be an id: 20 letters and digits, 24 hex digits, or a UUID. */
export interface IdInText {
  /** As ids are written: hex digits in lower case. */
  id: string
  start: number
  end: number
  /** Written in capital letters. */
  upper: boolean
  /** Letters or digits stand next to it: `formId<id>`, `<id>px`. Only a list of real ids can tell whether it is one. */
  glued: boolean
}

/** Words long enough to hold an id. Data that a text embeds names nothing. */
const WORD = /;base64,[A-Za-z0-9+/=]+|[A-Za-z0-9-]{20,}/g
const RUN = /[A-Za-z0-9]{20,}/g
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi
/** What ends in letters or digits and is no part of the word behind it: `%2F`, `%252F`, `\u002F`, `\x2f`, `\n`. */
const ESCAPE = /(?:%(?:25)*[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\[0bfnrtv])$/
const LONGEST_ESCAPE = 12

/**
 * Offers every word between `from` and `to` that may be an id; what `take` takes (true) is not looked into again. One
 * step for each character, however the text is made.
 */
export function scanIds(text: string, take: (found: IdInText) => boolean, from = 0, to = text.length): void {
  if (to - from < 20) return
  const part = from === 0 && to === text.length ? text : text.slice(from, to)
  for (const { 0: word, index } of part.matchAll(WORD)) {
    if (word.startsWith(';')) continue
    const start = from + index
    let done = start
    if (word.length >= 36 && word.includes('-')) {
      for (const uuid of word.matchAll(UUID)) {
        const at = start + uuid.index
        if (!offer(text, at, at + 36, take)) continue
        scanRuns(text, done, at, take)
        done = at + 36
      }
    }
    scanRuns(text, done, start + word.length, take)
  }
}

function scanRuns(text: string, from: number, to: number, take: (found: IdInText) => boolean): void {
  if (to - from < 20) return
  for (const { 0: run, index } of text.slice(from, to).matchAll(RUN)) {
    const end = from + index + run.length
    let hexEnd = from + index
    for (let at = from + index; at + 20 <= end; ) {
      while (hexEnd < end && hexEnd < at + 24 && isHex(text.charCodeAt(hexEnd))) hexEnd++
      if (hexEnd === at + 24 && offer(text, at, hexEnd, take)) at = hexEnd
      else at += offer(text, at, at + 20, take) ? 20 : 1
      if (hexEnd < at) hexEnd = at
    }
  }
}

const isDigit = (code: number) => code >= 48 && code <= 57
const isHex = (code: number) => isDigit(code) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102)
const isAlphanumeric = (code: number) => isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122)

function offer(text: string, start: number, end: number, take: (found: IdInText) => boolean): boolean {
  const word = text.slice(start, end)
  const glued = !isFree(text, start, end)
  if (end - start === 20) return take({ id: word, start, end, upper: false, glued })
  const id = word.toLowerCase()
  const upper = id !== word
  return (!upper || word === word.toUpperCase()) && take({ id, start, end, upper, glued })
}

function isFree(text: string, start: number, end: number): boolean {
  if (isAlphanumeric(text.charCodeAt(end))) return false
  if (!isAlphanumeric(text.charCodeAt(start - 1))) return true
  return ESCAPE.test(text.slice(Math.max(0, start - LONGEST_ESCAPE), start))
}

const SLASH = String.raw`(?:\\?/|%(?:25)*2F|\\u002F|\\x2F)`
const SLASH_BEFORE = new RegExp(`${SLASH}$`, 'i')
const SLASHES = new RegExp(SLASH, 'gi')
const ADDRESS = /^[^\s"'<>()[\]{}|^`,;]*/
/** Where the path of an address ends: at its query, its fragment, or the escape behind it. */
const PATH_END = /[?#&]|%(?:25)*(?:3F|23|26|22|27|20|29)|\\/i
const FILE = /^\/(?:[^/]+\/)*[^/]+\.(?=[a-z0-9]{0,4}[a-z])([a-z0-9]{2,5})[.!:]*$/i
/** Pages are no files: what stands in their address says whose page it is. */
const PAGES = new Set(['htm', 'html', 'xhtml', 'php', 'asp', 'aspx', 'jsp', 'cgi'])
const LONGEST_ADDRESS = 2000

/** Whether a word is a folder in the address of a file: `/<word>/media/picture.png`, in any spelling of the slashes. */
export function isFolderOfFile(text: string, start: number, end: number): boolean {
  if (!SLASH_BEFORE.test(text.slice(Math.max(0, start - LONGEST_ESCAPE), start))) return false
  const [address = ''] = ADDRESS.exec(text.slice(end, end + LONGEST_ADDRESS)) ?? []
  const [path = ''] = address.replaceAll(SLASHES, '/').split(PATH_END, 1)
  const extension = FILE.exec(path)?.[1]?.toLowerCase()
  return extension !== undefined && !PAGES.has(extension)
}
