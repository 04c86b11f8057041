import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'

/** How many processes share the files that may share one. More of them end together, fewer start less often. */
const GROUPS = 9
/**
 * Begun first, in processes of their own: what takes long, and what stops, floods or starts processes. The three that
 * call all operations share one, for the schemas of all operations.
 */
const FIRST = [
  ['crash/crash.test.ts', 'crash/journal.test.ts'],
  ['crash/webhooks.test.ts'],
  ['contract/bad-input.test.ts', 'contract/tenancy.test.ts', 'fuzz/fuzz.test.ts'],
  ['model/model.test.ts'],
  ['contract/rate-limit-processes.test.ts'],
  ['contract/shutdown.test.ts'],
  ['flows/embedded.test.ts'],
  ['flows/database-away.test.ts'],
  ['ops/disk-full.test.ts'],
]

/**
 * Files of a group share servers: see test/support/server.ts. One that did not start keeps none of the others open, for
 * which the run would wait for ever.
 */
const SHARING = `import { after, suite } from 'node:test'
globalThis.shared = new Map()
after(async () => {
  for (const { value } of await Promise.allSettled(globalThis.shared.values())) await value?.[Symbol.asyncDispose]()
})
`

export interface Groups extends Disposable {
  files: string[]
}

/**
 * Files for `node --test`, each of which runs several of the given ones, one after the other, each in a suite of its
 * own. Loading the server, compiling its schemas and getting warm took half of the time of most files when each had a
 * process.
 */
export function groupTests(root: string, paths: readonly string[]): Groups {
  const names = paths.map((path) => relative(root, path))
  const others = names.filter((name) => !FIRST.flat().includes(name))
  const groups = [
    ...FIRST.map((group) => group.filter((name) => names.includes(name))),
    ...Array.from({ length: GROUPS }, (_, group) => others.filter((_, index) => index % GROUPS === group)),
  ].filter((group) => group.length > 0)
  // Named so that the runner sweeps it when we are killed.
  const folder = mkdtempSync(join(tmpdir(), `tintype-test-${process.pid}-groups-`))
  const files = groups.map((group, index) => {
    if (group.length === 1) return join(root, group[0] as string)
    const file = join(folder, `group-${index}.test.mjs`)
    const suites = group.map(
      (name) =>
        `suite(${JSON.stringify(name)}, () => import(${JSON.stringify(pathToFileURL(join(root, name)).href)}))\n`,
    )
    writeFileSync(file, `${SHARING}${suites.join('')}`)
    return file
  })
  return { files, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}
