import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../../..')
/** What is shorter stands in every other file. */
const SHORTEST = 12

/**
 * Where a statement is cut into pieces, in the files that write them and as it was sent: at lines, at parameters and at
 * what is put in; where that leads nowhere, at single conditions and columns too.
 */
const CUTS = [
  /\n|`|\$\{|\}|\$\d+|'[^'\n]*'|"[^"\n]*"/,
  /\n|`|\$\{|\}|\$\d+|'[^'\n]*'|"[^"\n]*"|[(),]|\b(?:select|from|where|and|or|join|on|order by|limit)\b/,
]
/** Statements of one line stand between quotes as well. */
const QUOTED = /'([^'\n]{12,})'/g

const cut = (text: string, boundary: RegExp): Set<string> =>
  new Set(
    text
      .split(boundary)
      .map((piece) => piece?.trim() ?? '')
      .filter((piece) => piece.length >= SHORTEST),
  )

/** Files by each piece of a statement that stands in them. */
function indexSources(boundary: RegExp): Map<string, string[]> {
  const files = new Map<string, string[]>()
  for (const folder of ['src', 'test'])
    for (const name of readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts') || name.includes('node_modules')) continue
      const text = readFileSync(join(ROOT, folder, name), 'utf8')
      const quoted = [...text.matchAll(QUOTED)].map(([, words]) => words as string)
      for (const piece of [...cut(text, boundary), ...quoted])
        files.set(piece, [...(files.get(piece) ?? []), `${folder}/${name}`])
    }
  return files
}

const isOurs = (path: string) => path.startsWith('src/')

/**
 * Which file wrote a statement: the one in which most of it stands. The same answer whoever sent it. Of two alike it is
 * ours rather than a test's.
 */
export function ownersOf(texts: readonly string[]): Map<string, string> {
  const owners = new Map<string, string>()
  for (const boundary of CUTS) {
    const left = texts.filter((text) => !owners.has(text))
    if (left.length === 0) break
    const index = indexSources(boundary)
    for (const text of left) {
      const scores = new Map<string, number>()
      for (const piece of cut(text, boundary))
        for (const path of index.get(piece) ?? []) scores.set(path, (scores.get(path) ?? 0) + piece.length)
      const [best] = [...scores].sort(
        ([a, left], [b, right]) => right - left || Number(isOurs(b)) - Number(isOurs(a)) || (a < b ? -1 : 1),
      )
      if (best !== undefined) owners.set(text, best[0])
    }
  }
  return new Map(texts.map((text) => [text, owners.get(text) ?? 'nowhere']))
}
