import { Button, Group } from '@mantine/core'
import { useAct } from '../../../parts/act.ts'
import { Section } from '../section.tsx'
import { ofConnection, type Whole } from '../standing.tsx'
import { texts } from './texts.ts'

const words = texts.export

/** The connection as a file, without its secrets. */
export function Export({ connection }: { connection: Whole }) {
  const take = useAct('connections.export', { onDone: ({ document: whole }) => keep(fileName(connection.name), whole) })
  return (
    <Section title={words.title} hint={words.lead}>
      <Group>
        <Button variant="default" loading={take.isPending} onClick={() => take.mutate(ofConnection(connection))}>
          {words.button}
        </Button>
      </Group>
    </Section>
  )
}

const fileName = (name: string) => `${name.replace(/[^\p{L}\p{N} ._-]/gu, '').trim() || 'connection'}.json`

/** A document becomes a file of whoever looks at the page. */
function keep(name: string, whole: unknown): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(whole, null, 2)], { type: 'application/json' }))
  const link = Object.assign(document.createElement('a'), { href: url, download: name })
  link.click()
  URL.revokeObjectURL(url)
}
