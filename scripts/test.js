import { run } from '../bin/bootstrap.js'

await run('scripts/run-tests.ts', process.argv.slice(2))
