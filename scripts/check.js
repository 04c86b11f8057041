// Everything that must hold before a change is merged, cheapest first. Stops at the first failure.
import { ensureInstalled, runScript, runTool } from '../bin/bootstrap.js'

const STEPS = [
  { title: 'Format and lint', run: () => runTool('biome', ['check', '.']), hint: 'npm run format mends most of it' },
  {
    title: 'Types',
    run: () => runTool('tsc', ['--noEmit']) || runTool('tsc', ['--noEmit', '-p', 'console']),
    hint: 'the lines above name file and place',
  },
  { title: 'Unused files, exports and dependencies', run: () => runTool('knip', []), hint: 'delete what nobody uses' },
  {
    title: 'Generated files',
    run: () => runScript('scripts/generate.ts', ['--check']),
    hint: 'npm run generate, then commit the difference',
  },
  {
    title: 'Tests',
    run: () => runScript('scripts/run-tests.ts'),
    hint: 'one file alone: npm test -- test/flows/NAME.test.ts',
  },
]

ensureInstalled()
for (const [index, step] of STEPS.entries()) {
  process.stdout.write(`\n[${index + 1}/${STEPS.length}] ${step.title}\n`)
  if (step.run() === 0) continue
  process.stdout.write(`\n✗ ${step.title} failed: ${step.hint}\n`)
  process.exit(1)
}
process.stdout.write('\n✓ All checks passed\n')
