// Runs a script with the project's own Node: node scripts/with-node.js scripts/generate.ts --check
import { run } from '../bin/bootstrap.js'

const [file, ...args] = process.argv.slice(2)
if (file === undefined) {
  process.stderr.write('Usage: node scripts/with-node.js FILE [ARGUMENT ...]\n')
  process.exit(2)
}
await run(file, args)
