import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core'
import { IconPlug } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Output } from '../../api/call.ts'
import { reads } from '../../api/query.ts'
import { useAct } from '../../parts/act.ts'
import { useAddress } from '../../parts/address.ts'
import { showDone } from '../../parts/notices.tsx'
import { useRole } from '../../parts/role.ts'
import { Empty, Failure, Waiting } from '../../parts/states.tsx'
import { Sure } from '../../parts/sure.tsx'
import { When } from '../../parts/when.tsx'
import { appsAddress } from './address.ts'
import { AppDialog } from './app.tsx'
import { Frame } from './frame.tsx'
import { MakeApp } from './make-app.tsx'
import { texts } from './texts.ts'

type Install = Output<'apps.installs'>['installs'][number]
const words = texts.apps
const LIST = { listStyle: 'none' } as const

/** The agency's own apps, and which apps are allowed where in it. */
export function Apps() {
  const [{ make, app }, change] = useAddress(appsAddress)
  const enabled = useRole('admin')
  const own = useQuery({ ...reads('apps.list', {}), enabled })
  const installs = useQuery({ ...reads('apps.installs', {}), enabled })
  const opened = own.data?.apps.find(({ id }) => id === app)
  const making = (
    <Button leftSection={<IconPlug size={16} aria-hidden />} onClick={() => change({ make: true }, 'push')}>
      {words.make}
    </Button>
  )
  return (
    <Frame part="apps" actions={own.data && own.data.apps.length > 0 && making}>
      {make && <MakeApp onClose={() => change({ make: undefined })} />}
      {opened && <AppDialog key={opened.id} app={opened} onClose={() => change({ app: undefined })} />}
      <Stack component="section" gap="xs" aria-label={words.own}>
        <Title order={2} size="h4">
          {words.own}
        </Title>
        {own.error && <Failure error={own.error} onRetry={() => void own.refetch()} />}
        {own.isPending && <Waiting lines={3} />}
        {own.data?.apps.length === 0 && (
          <Empty title={words.none} action={making}>
            {words.noneHint}
          </Empty>
        )}
        <Stack component="ul" p={0} m={0} gap="sm" style={LIST}>
          {own.data?.apps.map((one) => (
            <li key={one.id}>
              <Anchor component="button" size="sm" dir="auto" onClick={() => change({ app: one.id }, 'push')}>
                {one.name}
              </Anchor>
              <Text size="xs" c="dimmed">
                {one.public ? words.public : words.confidential} · {texts.tokens.scopes(one.scopes.length)}
              </Text>
            </li>
          ))}
        </Stack>
      </Stack>
      <Stack component="section" gap="xs" aria-label={words.installs}>
        <Title order={2} size="h4">
          {words.installs}
        </Title>
        {installs.error && <Failure error={installs.error} onRetry={() => void installs.refetch()} />}
        {installs.isPending && <Waiting lines={2} />}
        {installs.data?.installs.length === 0 && (
          <Text size="sm" c="dimmed">
            {words.noInstalls}
          </Text>
        )}
        <Stack component="ul" p={0} m={0} gap="sm" style={LIST}>
          {installs.data?.installs.map((one) => (
            <InstallLine key={`${one.appId}/${one.locationId ?? ''}`} install={one} />
          ))}
        </Stack>
      </Stack>
    </Frame>
  )
}

function InstallLine({
  install: { appId, appName, locationId, locationName, scopes, installedAt },
}: {
  install: Install
}) {
  const [asks, setAsks] = useState(false)
  const place = locationId === null ? words.inAgency : (locationName ?? locationId)
  const uninstall = useAct('apps.uninstall', {
    changes: ['apps.installs'],
    onDone: () => showDone(words.tookOut),
  })
  return (
    <li>
      <Group justify="space-between" gap="xs">
        <div style={{ minWidth: 0 }}>
          <Text size="sm">
            <bdi>{appName}</bdi> · <bdi>{place}</bdi>
          </Text>
          <Text size="xs" c="dimmed">
            {texts.tokens.scopes(scopes.length)} · {words.since} <When at={installedAt} />
          </Text>
        </div>
        {!asks && (
          <Button size="compact-sm" variant="default" onClick={() => setAsks(true)}>
            {words.takeOut}
          </Button>
        )}
      </Group>
      {asks && (
        <Sure
          lead={words.takeOutSure(appName, place)}
          label={words.takeOut}
          isPending={uninstall.isPending}
          onYes={() => uninstall.mutate({ appId, ...(locationId === null ? {} : { locationId }) })}
          onNo={() => setAsks(false)}
        />
      )}
    </li>
  )
}
