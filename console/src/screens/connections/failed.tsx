import { Button, Group, Stack, Text } from '@mantine/core'
import { useAct } from '../../parts/act.ts'
import { useAddress } from '../../parts/address.ts'
import { showDone } from '../../parts/notices.tsx'
import { useMayWork } from '../../parts/role.ts'
import { Sure } from '../../parts/sure.tsx'
import { connectionAddress } from './address.ts'
import { Rows } from './rows.tsx'
import { ofConnection, type Whole } from './standing.tsx'
import { texts } from './texts.ts'

const words = texts.failed

/** Dead letters: tried again all together after it was said what would become of them, or one by one. */
export function Failed({ connection }: { connection: Whole }) {
  const [, change] = useAddress(connectionAddress)
  const mayWork = useMayWork()
  const of = ofConnection(connection)
  const preview = useAct('connections.previewReplay', {})
  const replay = useAct('connections.replay', {
    changes: ['connections.rows', 'connections.runs', 'connections.get'],
    onDone: () => {
      preview.reset()
      showDone(words.tried)
    },
  })
  const would = preview.data?.rows ?? []
  return (
    <Stack>
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {words.lead}
        </Text>
        {mayWork && connection.liveVersion !== null && (
          <Button variant="default" loading={preview.isPending} onClick={() => preview.mutate(of)}>
            {words.all}
          </Button>
        )}
      </Group>
      {would.length > 0 && (
        <Sure
          lead={words.sure(would.length, would.filter(({ state }) => state !== 'failed').length)}
          label={words.again}
          isPending={replay.isPending}
          onYes={() => replay.mutate(of)}
          onNo={() => preview.reset()}
        />
      )}
      <Rows
        connection={connection}
        state="failed"
        label={texts.page.tabs.failed}
        onOpen={(row) => change({ row }, 'push')}
      />
    </Stack>
  )
}
