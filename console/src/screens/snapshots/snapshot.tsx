import { Button, Group, Select, Skeleton, Tabs, Text } from '@mantine/core'
import { IconCamera, IconGitCompare, IconSend, IconShare } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { reads } from '../../api/query.ts'
import { useAct } from '../../parts/act.ts'
import { useAddress } from '../../parts/address.ts'
import { ConflictInbox } from '../../parts/conflicts/inbox.tsx'
import { LinkButton } from '../../parts/link-button.tsx'
import { showDone } from '../../parts/notices.tsx'
import { Page } from '../../parts/page.tsx'
import { useRole } from '../../parts/role.ts'
import { Failure } from '../../parts/states.tsx'
import { versionName } from '../../parts/version-name.ts'
import { When } from '../../parts/when.tsx'
import { snapshotAddress, TABS } from './address.ts'
import { Contents } from './contents.tsx'
import { Remove } from './remove.tsx'
import { Standing } from './standing.tsx'
import { texts } from './texts.ts'
import { Versions } from './versions.tsx'

const words = texts.one

export function Snapshot() {
  const { snapshotId } = useParams({ strict: false }) as { snapshotId: string }
  const [{ tab = 'contents', version }, change] = useAddress(snapshotAddress)
  const mayPush = useRole('operator')
  const { data, error, refetch } = useQuery(reads('snapshots.get', { snapshotId }))
  const versions = useQuery(reads('snapshots.versions', { snapshotId }))
  const refresh = useAct('snapshots.refresh', {
    changes: ['snapshots.list', 'snapshots.get', 'snapshots.versions', 'snapshots.assets', 'fleet.list'],
    onDone: ({ snapshot }) => {
      showDone(snapshot.version === data?.snapshot.version ? words.same : words.fresh(snapshot.version))
      change({ version: undefined })
    },
  })
  const failure = error && <Failure error={error} onRetry={() => void refetch()} />
  if (data === undefined) return failure ?? <Skeleton height={320} />
  const { snapshot } = data
  const shown = version ?? snapshot.version
  const actions = (
    <>
      {mayPush && <Remove snapshot={snapshot} />}
      {shown > 1 && (
        <LinkButton
          variant="default"
          leftSection={<IconGitCompare size={16} aria-hidden />}
          to="/app/compare"
          search={{ snapshot: snapshotId, from: shown - 1, to: shown } as never}
        >
          {words.compareTwo}
        </LinkButton>
      )}
      {mayPush && (
        <Button
          variant="default"
          leftSection={<IconCamera size={16} aria-hidden />}
          loading={refresh.isPending}
          onClick={() => refresh.mutate({ snapshotId })}
        >
          {snapshot.type === 'imported' ? words.update : words.refresh}
        </Button>
      )}
      {mayPush && snapshot.type === 'own' && (
        <LinkButton
          variant="default"
          leftSection={<IconShare size={16} aria-hidden />}
          to={'/app/shares' as never}
          search={{ make: snapshotId } as never}
        >
          {words.share}
        </LinkButton>
      )}
      {mayPush && (
        <LinkButton
          leftSection={<IconSend size={16} aria-hidden />}
          to="/app/push"
          search={{ snapshot: snapshotId, ...(shown === snapshot.version ? {} : { version: shown }) } as never}
        >
          {words.push}
        </LinkButton>
      )}
    </>
  )
  return (
    <Page
      title={snapshot.name}
      trail={<Link to="/app/snapshots">{texts.title}</Link>}
      actions={actions}
      lead={
        <>
          {snapshot.publisherName ? texts.imported(snapshot.publisherName) : snapshot.sourceLocationName}
          {' · '}
          <When at={snapshot.updatedAt} />
        </>
      }
    >
      {failure}
      <Group gap="sm">
        <Select
          aria-label={words.version}
          w={240}
          allowDeselect={false}
          value={String(shown)}
          onChange={(value) => change({ version: Number(value) === snapshot.version ? undefined : Number(value) })}
          data={(versions.data?.versions ?? [{ version: shown, name: undefined }]).map((one) => ({
            value: String(one.version),
            label: versionName(one, snapshot.version),
          }))}
        />
        {shown === snapshot.version && snapshot.versionNote && (
          <Text size="sm" c="dimmed" dir="auto">
            {snapshot.versionNote}
          </Text>
        )}
      </Group>
      <Tabs
        value={tab}
        onChange={(next) => change({ tab: TABS.find((one) => one === next) }, 'push')}
        keepMounted={false}
      >
        <Tabs.List>
          {TABS.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {words[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="contents" pt="md">
          <Contents snapshotId={snapshotId} version={shown} />
        </Tabs.Panel>
        <Tabs.Panel value="versions" pt="md">
          <Versions snapshotId={snapshotId} mayWrite={mayPush} />
        </Tabs.Panel>
        <Tabs.Panel value="standing" pt="md">
          <Standing snapshotId={snapshotId} />
        </Tabs.Panel>
        <Tabs.Panel value="conflicts" pt="md">
          <ConflictInbox snapshotId={snapshotId} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}
