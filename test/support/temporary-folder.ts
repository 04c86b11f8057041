import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A temporary folder of this process alone, until it is disposed: others leave files in the common one meanwhile. */
export function ownTemporaryFolder(): Disposable & { count(): number } {
  const common = process.env.TMPDIR
  // Named so that the runner sweeps it when we are killed.
  const folder = mkdtempSync(join(tmpdir(), `tintype-test-${process.pid}-own-`))
  process.env.TMPDIR = folder
  return {
    count: () => readdirSync(folder).length,
    [Symbol.dispose]() {
      if (common === undefined) delete process.env.TMPDIR
      else process.env.TMPDIR = common
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
