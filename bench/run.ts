/*
 * `npm run bench [-- snapshots | records | journal | webhooks | connections | console] [-- --quick]`: measures, prints, and writes bench/RESULTS.md. `--quick` takes
 * a tenth of everything and writes nothing. Talks to 127.0.0.1 only and ends by itself.
 */
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const parts: Record<string, () => Promise<unknown>> = {
  snapshots: () => import('./snapshots.ts'),
  records: () => import('./records.ts'),
  journal: () => import('./journal.ts'),
  webhooks: () => import('./webhooks.ts'),
  connections: () => import('./connections.ts'),
  console: () => import('./console.ts'),
}
for (const name of wanted.length > 0 ? wanted : Object.keys(parts)) {
  if (parts[name] === undefined)
    throw new Error(`There is no part ${name}; there are: ${Object.keys(parts).join(', ')}`)
  console.log(`${name}:`)
  await parts[name]()
}
