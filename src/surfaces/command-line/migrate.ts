import { distribute } from '../../db/distribute.ts'
import { type Command, CommandError } from './command.ts'
import { openStorage } from './storage.ts'

export const migrate: Command = {
  name: 'migrate',
  usage: 'migrate [--distribute]',
  summary: 'Bring the database schema up to date (the other commands do so on their own).',
  options: { distribute: { type: 'boolean', description: 'Spread the tables over the nodes of a Citus cluster.' } },
  async run({ config, values, print }) {
    await using storage = await openStorage(config, { asOwner: true })
    const { applied } = storage
    print(applied.length === 0 ? 'The schema is up to date.' : `Applied: ${applied.join(', ')}`)
    if (values.distribute !== true) return 0
    const tables = await distribute(storage.database)
    if (tables === null)
      throw new CommandError(
        'This database has no citus extension, so there is nothing to distribute over. Install Citus on its nodes, ' +
          'run "create extension citus", then try again.',
      )
    print(tables.length === 0 ? 'All tables are distributed already.' : `Distributed: ${tables.join(', ')}`)
    return 0
  },
}
