import { writeBackup } from '../../db/backup/write.ts'
import { type Command, UsageError } from './command.ts'
import { openStorage } from './storage.ts'

export const backup: Command = {
  name: 'backup',
  usage: 'backup FILE',
  summary:
    'Write all that the database holds, as it is at this moment, to one file. Servers and workers go on meanwhile.',
  words: true,
  async run({ config, words: [path, ...more], print }) {
    if (path === undefined || more.length > 0) throw new UsageError('Say where to: tintype backup FILE')
    await using storage = await openStorage(config, { asOwner: true, untouched: true })
    const { header, summary, bytes } = await writeBackup({ url: storage.url, path })
    const rows = summary.rows.reduce((sum, count) => sum + count, 0)
    print(
      `${path}: ${rows} rows of ${header.tables.length} tables as of ${header.takenAt}, ${bytes} bytes, read back ` +
        'and whole.',
    )
    return 0
  },
}
