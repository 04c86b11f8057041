import { Alert, Button, Group, Modal, Stack, Tabs, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { reads } from '../../api/query.ts'
import { useAct } from '../../parts/act.ts'
import { useAddress } from '../../parts/address.ts'
import { BothEdited } from '../../parts/document/both-edited.tsx'
import { LeaveGuard } from '../../parts/leave-guard.tsx'
import { showDone } from '../../parts/notices.tsx'
import { showOnce } from '../../parts/once.tsx'
import { Page } from '../../parts/page.tsx'
import { useMayWork, useSession } from '../../parts/role.ts'
import { SecretDialog } from '../../parts/secret.tsx'
import { Failure, Waiting } from '../../parts/states.tsx'
import { Sure } from '../../parts/sure.tsx'
import { OfLocation } from '../../parts/when.tsx'
import { texts as shared } from '../../texts.ts'
import { connectionAddress, TABS } from './address.ts'
import { Failed } from './failed.tsx'
import { MappingEditor } from './mapping/editor.tsx'
import { Returned } from './returned.tsx'
import { RowDialog } from './row.tsx'
import { Runs } from './runs.tsx'
import { missingSecrets, secretLabel } from './source/needed.ts'
import { PermissionNeeded } from './source/permission.tsx'
import { Source } from './source/source.tsx'
import { texts as source } from './source/texts.ts'
import { ofConnection, StandingTone, type Whole } from './standing.tsx'
import { texts } from './texts.ts'
import { Upload } from './upload.tsx'
import { useDraft } from './use-draft.ts'
import { Versions } from './versions.tsx'
import { faultText, lostText } from './words.ts'

const words = texts.page
const CHANGED = ['connections.get', 'connections.list', 'connections.listAll', 'connections.versions'] as const
const LOOK_MS = 3_000

/** One connection: how it does, what becomes of what, what was done, and what failed. */
export function ConnectionPage() {
  const { connectionId } = useParams({ strict: false }) as { connectionId: string }
  const { person } = useSession()
  const [{ location = person.locationIds?.length === 1 ? person.locationIds[0] : undefined }] =
    useAddress(connectionAddress)
  const { data, error, refetch } = useQuery({
    ...reads('connections.get', { connectionId, ...(location && { locationId: location }) }),
    refetchInterval: LOOK_MS,
  })
  const trail = (
    <Link to="/app/connections" search={(location ? { location } : {}) as never}>
      {texts.title}
    </Link>
  )
  if (data !== undefined)
    return (
      <OfLocation id={data.connection.locationId}>
        <Connection key={connectionId} connection={data.connection} trail={trail} />
      </OfLocation>
    )
  return (
    <Page title={texts.title} trail={trail}>
      {error ? <Failure error={error} onRetry={() => void refetch()} /> : <Waiting lines={8} />}
    </Page>
  )
}

function Connection({ connection, trail }: { connection: Whole; trail: ReactNode }) {
  const isOfFiles = connection.way === 'file'
  const [{ tab = isOfFiles ? 'upload' : 'mapping', act, row, run }, change] = useAddress(connectionAddress)
  const mayWork = useMayWork()
  const draft = useDraft(connection)
  const [file, setFile] = useState<File | null>(null)
  return (
    <Page title={connection.name} trail={trail} actions={mayWork && <States connection={connection} />}>
      {mayWork && act === 'address' && (
        <NewAddress connection={connection} onClose={() => change({ act: undefined })} />
      )}
      {mayWork && act === 'remove' && <Remove connection={connection} onClose={() => change({ act: undefined })} />}
      {row !== undefined && (
        <RowDialog
          key={row}
          connection={connection}
          runId={tab === 'runs' || tab === 'upload' ? run : undefined}
          rowId={row}
          onClose={() => change({ row: undefined })}
        />
      )}
      <Group gap="md">
        <StandingTone connection={connection} />
        <Text size="sm" c="dimmed">
          {texts.ways[connection.way]} · {words.works(connection.liveVersion, connection.version)}
          {connection.locationId === null && ` ${texts.becomesLocations}`}
        </Text>
      </Group>
      {reasonsOf(connection).map((reason) => (
        <Text key={reason} size="sm" dir="auto">
          {reason}
        </Text>
      ))}
      <Missing connection={connection} onSet={() => change({ tab: 'source' }, 'push')} />
      {mayWork && <PermissionNeeded connection={connection} isDirty={draft.isDirty} />}
      <Returned connection={connection} />
      <LeaveGuard when={draft.isDirty} texts={words.leave} />
      {draft.merge && <BothEdited {...draft.merge} onSettle={draft.settle} />}
      <Tabs
        value={tab}
        onChange={(next) => change({ tab: TABS.find((one) => one === next), run: undefined, state: undefined }, 'push')}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          {TABS.filter((one) => one !== 'upload' || isOfFiles).map((one) => (
            <Tabs.Tab key={one} value={one}>
              {words.tabs[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="upload">
          <Upload connection={connection} file={file} setFile={setFile} />
        </Tabs.Panel>
        <Tabs.Panel value="mapping">
          <MappingEditor
            connection={connection}
            draft={draft}
            onLook={file === null ? undefined : () => change({ tab: 'upload' }, 'push')}
          />
        </Tabs.Panel>
        <Tabs.Panel value="source">
          <Source connection={connection} draft={draft} />
        </Tabs.Panel>
        <Tabs.Panel value="runs">
          <Runs connection={connection} />
        </Tabs.Panel>
        <Tabs.Panel value="failed">
          <Failed connection={connection} />
        </Tabs.Panel>
        <Tabs.Panel value="versions">
          <Versions connection={connection} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}

/** While nothing fails, an old fault is nobody's concern; before it works, it says why nothing comes. */
const isToldOf = ({ failingSince, state }: Whole) => failingSince !== null || !['live', 'paused'].includes(state)

/** Why it is as it is. */
function reasonsOf(connection: Whole): string[] {
  const { stateReason } = connection
  const lost = lostText(stateReason)
  const why = lost === null ? stateReason : `${lost} ${words.lostHint}`
  return [why, isToldOf(connection) ? faultText(connection) : null].filter((reason) => reason !== null)
}

/** What is not there yet, without which nothing comes. */
function Missing({ connection, onSet }: { connection: Whole; onSet: () => void }) {
  const missing = missingSecrets(connection)
  if (missing.length === 0) return null
  return (
    <Alert
      color="yellow"
      variant="outline"
      title={source.secrets.missing(missing.map(secretLabel).join(', '))}
      styles={{ title: { color: 'var(--mantine-color-text)' } }}
    >
      <Button size="compact-sm" variant="default" onClick={onSet}>
        {source.secrets.toSource}
      </Button>
    </Alert>
  )
}

/** What can be done with it as it stands. */
function States({ connection }: { connection: Whole }) {
  const [, change] = useAddress(connectionAddress)
  const of = ofConnection(connection)
  const done = (text: string) => ({ changes: CHANGED, onDone: () => showDone(text) })
  const collect = useAct('connections.collect', done(words.collects))
  const deploy = useAct('connections.deploy', done(words.deployed))
  const pause = useAct('connections.pause', done(words.paused))
  const resume = useAct('connections.resume', done(words.resumed))
  const { state, way, version, liveVersion } = connection
  const act = (label: string, mutation: { isPending: boolean; mutate: (input: typeof of) => void }) => (
    <Button variant="default" loading={mutation.isPending} onClick={() => mutation.mutate(of)}>
      {label}
    </Button>
  )
  return (
    <>
      <Button variant="default" c="var(--tone-bad)" onClick={() => change({ act: 'remove' }, 'push')}>
        {words.remove}
      </Button>
      {(way === 'hook' || way === 'mail') && (
        <Button variant="default" onClick={() => change({ act: 'address' }, 'push')}>
          {words.address}
        </Button>
      )}
      {state === 'draft' && (way === 'hook' || way === 'mail') && act(words.collect, collect)}
      {state === 'live' && act(words.pause, pause)}
      {(state === 'paused' || state === 'needs_authorisation') && act(words.resume, resume)}
      {(state !== 'live' || liveVersion !== version) && (
        // Whoever writes a file puts it to work by that.
        <Button
          variant={way === 'file' ? 'default' : 'filled'}
          loading={deploy.isPending}
          onClick={() => deploy.mutate(of)}
        >
          {words.deploy}
        </Button>
      )}
    </>
  )
}

interface DialogProps {
  connection: Whole
  onClose: () => void
}

function NewAddress({ connection, onClose }: DialogProps) {
  const [address, setAddress] = useState<string | null>(null)
  const rotate = useAct('connections.rotateAddress', {
    onDone: (made) => setAddress(made.address),
    onGone: (made) => made.address !== null && showOnce(texts.form.address, made.address),
  })
  return (
    <SecretDialog
      title={words.address}
      secret={address}
      label={texts.form.address}
      hint={texts.form.addressHint}
      isMaking={rotate.isPending}
      onClose={onClose}
    >
      <Sure
        lead={words.addressLead}
        label={words.addressSure}
        isPending={rotate.isPending}
        onYes={() => rotate.mutate(ofConnection(connection))}
        onNo={onClose}
      />
    </SecretDialog>
  )
}

function Remove({ connection, onClose }: DialogProps) {
  const navigate = useNavigate()
  const remove = useAct('connections.delete', {
    changes: ['connections.list', 'connections.listAll'],
    onDone: () => {
      showDone(words.removed(connection.name))
      void navigate({ to: '/app/connections' as never, search: { location: connection.locationId } as never })
    },
  })
  return (
    <Modal opened onClose={onClose} title={words.remove} closeButtonProps={{ 'aria-label': shared.close }}>
      <Stack>
        <Sure
          lead={words.removeLead(connection.name)}
          label={words.removeSure}
          isPending={remove.isPending}
          onYes={() => remove.mutate(ofConnection(connection))}
          onNo={onClose}
        />
      </Stack>
    </Modal>
  )
}
