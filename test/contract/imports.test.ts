import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { test } from 'node:test'

const ROOT = resolve(import.meta.dirname, '../..')
const SRC = join(ROOT, 'src')

/**
 * From the top to the bottom; a file imports from its own layer and from lower ones. Folders of one row do not know
 * each other.
 */
const LAYERS = [
  ['main.ts'],
  ['app.ts'],
  ['surfaces'],
  ['demo'],
  ['operations'],
  ['jobs'],
  ['connect'],
  ['snapshots', 'journal', 'scheduling'],
  ['objects'],
  ['resources'],
  ['store', 'auth'],
  ['db'],
  [
    'config.ts',
    'config-settings.ts',
    'config-setting.ts',
    'config-connect.ts',
    'config-journal.ts',
    'config-people.ts',
    'config-values.ts',
    'errors.ts',
    'log.ts',
    'mail.ts',
    'clock.ts',
    'ids.ts',
    'moments.ts',
    'version.ts',
    'whole-files.ts',
  ],
]
/**
 * Folders whose folders are rooms: each lists in its `index.ts` what it offers, and nothing is taken past that from
 * outside. Tests may look inside.
 */
const HOUSES = ['src/operations', 'src/store']
/** Rooms that stand by themselves. */
const ROOMS: readonly string[] = ['src/connect', 'src/demo', 'src/journal', 'src/objects', 'src/scheduling']
const FORBIDDEN_NAMES = /^(utils?|helpers?|services?|managers?|common)(\.|$)/
const MAX_LINES = 300

const sources = ['src', 'scripts', 'test', 'bench', 'bin'].flatMap((folder) =>
  filesBelow(join(ROOT, folder)).filter(
    (path) => /\.(ts|tsx|js)$/.test(path) && !relative(ROOT, path).includes('node_modules'),
  ),
)
const names = sources.map((path) => relative(ROOT, path).split(sep).join('/'))

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
  } catch {
    return []
  }
}

/** Imports of files of ours; `typeOnly` ones vanish at run time. */
function importsOf(path: string): { target: string; typeOnly: boolean }[] {
  const text = readFileSync(path, 'utf8')
  const found = text.matchAll(
    /^\s*(?:import|export)\s+(type\s+)?(?:[^'"`;]*?\sfrom\s+)?['"](\.[^'"]+)['"]|import\(\s*['"](\.[^'"]+)['"]\s*\)/gm,
  )
  return [...found].map((match) => ({
    target: resolve(dirname(path), (match[2] ?? match[3]) as string),
    typeOnly: match[1] !== undefined,
  }))
}

function layerOf(path: string): { level: number; folder: string } {
  const folder = relative(SRC, path).split(sep)[0] as string
  return { level: LAYERS.findIndex((row) => row.includes(folder)), folder }
}

const ours = sources.filter((path) => path.startsWith(SRC + sep))

test('every file below src belongs to a layer', () => {
  const strangers = ours.filter((path) => layerOf(path).level === -1).map((path) => relative(ROOT, path))
  assert.deepEqual(strangers, [])
})

test('imports go downwards only', () => {
  const wrong = ours.flatMap((path) => {
    const from = layerOf(path)
    return importsOf(path)
      .map(({ target }) => ({ target, to: layerOf(target) }))
      .filter(
        ({ to }) =>
          to.level < from.level ||
          (to.level === from.level && to.folder !== from.folder && from.level < LAYERS.length - 1),
      )
      .map(({ target }) => `${relative(ROOT, path)} imports ${relative(ROOT, target)}`)
  })
  assert.deepEqual(wrong, [])
})

/** The room that a file of ours is in; null: it is in none. */
function roomOf(path: string): string | null {
  const name = relative(ROOT, path).split(sep).join('/')
  const room = ROOMS.find((one) => name.startsWith(`${one}/`))
  const house = HOUSES.find((one) => name.startsWith(`${one}/`))
  const [inside, ...rest] = house === undefined ? [] : name.slice(house.length + 1).split('/')
  return room ?? (rest.length > 0 ? `${house}/${inside}` : null)
}

test('nothing of a room is imported past its index', () => {
  const outside = sources.filter((path) => !path.startsWith(join(ROOT, 'test') + sep))
  const wrong = outside.flatMap((path) =>
    importsOf(path)
      .filter(({ target }) => {
        const room = roomOf(target)
        return room !== null && room !== roomOf(path) && target !== join(ROOT, room, 'index.ts')
      })
      .map(({ target }) => `${relative(ROOT, path)} imports ${relative(ROOT, target)}`),
  )
  assert.deepEqual(wrong, [])
})

/** Within it types may still name each other in a circle; nothing that runs may. */
const CIRCLES_OF_TYPES = join(SRC, 'snapshots') + sep

test('no file imports itself through others', () => {
  const done = new Set<string>()
  const cycles: string[] = []
  const vanishes = (path: string, { target, typeOnly }: { target: string; typeOnly: boolean }) =>
    typeOnly && path.startsWith(CIRCLES_OF_TYPES) && target.startsWith(CIRCLES_OF_TYPES)
  const visit = (path: string, trail: string[]) => {
    if (trail.includes(path)) {
      cycles.push([...trail.slice(trail.indexOf(path)), path].map((one) => relative(SRC, one)).join(' > '))
      return
    }
    if (done.has(path)) return
    for (const one of importsOf(path)) if (!vanishes(path, one)) visit(one.target, [...trail, path])
    done.add(path)
  }
  for (const path of ours) visit(path, [])
  assert.deepEqual(cycles, [])
})

test('nothing is called after nothing in particular', () => {
  const bad = names.filter((name) => name.split('/').some((part) => FORBIDDEN_NAMES.test(part)))
  assert.deepEqual(bad, [])
})

test('names of files are kebab-case', () => {
  const bad = names.filter((name) => !/^[a-z0-9]+([-.][a-z0-9]+)*\.(ts|tsx|js)$/.test(name.split('/').at(-1) as string))
  assert.deepEqual(bad, [])
})

test(`no file is longer than ${MAX_LINES} lines`, () => {
  const long = sources
    .map((path, index) => ({ name: names[index] as string, lines: readFileSync(path, 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > MAX_LINES)
  assert.deepEqual(long, [])
})
