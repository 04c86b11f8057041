import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { useAct } from '../../../parts/act.ts'
import { ofConnection, type Whole } from '../standing.tsx'
import { texts } from './texts.ts'

const words = texts.export

/** The connection as a file, without its secrets. */
export function Export({ connection }: { connection: Whole }) {
  const take = useAct('connections.export', { onDone: ({ document: whole }) => keep(fileName(connection.name), whole) })
  return (
    <Stack gap="sm" component="section" aria-label={words.title}>
      <Title order={2} size="h4">
        {words.title}
      </Title>
      <Text size="sm" c="dimmed">
        {words.lead}
      </Text>
      <Group>
        <Button variant="default" loading={take.isPending} onClick={() => take.mutate(ofConnection(connection))}>
          {words.button}
        </Button>
      </Group>
    </Stack>
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
