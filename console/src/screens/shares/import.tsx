import { FileInput, Group, Progress, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call, type Output } from '../../api/call.ts'
import { forget, reads } from '../../api/query.ts'
import { upload } from '../../api/upload.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { DialogButtons } from '../../parts/dialog-buttons.tsx'
import { byKind, kindName } from '../../parts/kinds.ts'
import { LinkButton } from '../../parts/link-button.tsx'
import { useSession } from '../../parts/role.ts'
import { Failure } from '../../parts/states.tsx'
import { texts as parts } from '../../parts/texts.ts'
import { texts } from './texts.ts'

const words = texts.arrival
type Arrived = Output<'snapshots.import'>

/** Takes in what another agency has shared, or a file of it. `link`: the one to begin with. */
export function Import({ link: first, onClose }: { link: string | undefined; onClose: () => void }) {
  const { company } = useSession()
  const [way, setWay] = useState<'link' | 'file'>('link')
  const [link, setLink] = useState(first ?? '')
  const [file, setFile] = useState<File | null>(null)
  const [sent, setSent] = useState<number | null>(null)
  const [fault, setFault] = useState<unknown>(null)
  const [missing, setMissing] = useState(false)
  const [arrived, setArrived] = useState<Arrived | null>(null)
  const own = useQuery(reads('companies.get', { companyId: company.id }))

  const submit = async () => {
    setFault(null)
    const isMissing = way === 'link' ? link.trim() === '' : file === null
    setMissing(isMissing)
    if (isMissing) return
    setSent(0)
    try {
      const answer =
        way === 'link'
          ? await call('snapshots.import', { share: link.trim() })
          : await upload('snapshots.importFile', { body: file as File }, setSent)
      void forget('snapshots.list', 'snapshots.shares')
      setArrived(answer)
    } catch (error) {
      setFault(error)
    } finally {
      setSent(null)
    }
  }
  return (
    <Dialog
      size="lg"
      title={arrived ? words.done : words.title}
      isDirty={arrived === null && (link !== (first ?? '') || file !== null)}
      onClose={onClose}
    >
      {arrived ? (
        <Arrival arrived={arrived} />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            void submit()
          }}
        >
          <Stack>
            {fault !== null && <Failure error={fault} title={words.failed} />}
            <SegmentedControl
              aria-label={words.title}
              value={way}
              onChange={(next) => setWay(next as 'link' | 'file')}
              data={[
                { value: 'link', label: words.byLink },
                { value: 'file', label: words.byFile },
              ]}
            />
            {way === 'link' ? (
              <TextInput
                label={words.link}
                description={words.linkHint}
                value={link}
                onChange={(event) => setLink(event.currentTarget.value)}
                error={missing && words.linkFault}
                data-autofocus
                dir="ltr"
              />
            ) : (
              <FileInput
                label={words.file}
                description={words.fileHint}
                accept=".ndjson,application/x-ndjson"
                clearable
                clearButtonProps={{ 'aria-label': parts.clear }}
                value={file}
                onChange={setFile}
                error={missing && words.fileFault}
              />
            )}
            {way === 'link' && own.data && (
              <Text size="sm" c="dimmed">
                {words.number(own.data.company.relationshipNumber)}
              </Text>
            )}
            {sent !== null && way === 'file' && (
              <div role="status">
                <Text size="sm">{sent < 1 ? words.sending : words.storing}</Text>
                <Progress.Root mt={4}>
                  <Progress.Section value={sent * 100} animated={sent === 1} aria-label={words.sending} />
                </Progress.Root>
              </div>
            )}
            <DialogButtons submit={words.submit} isPending={sent !== null} onClose={onClose} />
          </Stack>
        </form>
      )}
    </Dialog>
  )
}

/** What has arrived, and what can be done with it. */
function Arrival({ arrived: { snapshot, message } }: { arrived: Arrived }) {
  const kinds = Object.keys(snapshot.assets).sort(byKind)
  return (
    <Stack>
      <div>
        <Text fw={600} dir="auto">
          {snapshot.name}
        </Text>
        {snapshot.publisherName && (
          <Text size="sm" c="dimmed" dir="auto">
            {words.from(snapshot.publisherName)}
          </Text>
        )}
      </div>
      {message && <Text size="sm">{message}</Text>}
      <Text size="sm" component="div">
        {words.holds}
        <ul style={{ margin: 0, paddingInlineStart: '1.2em' }}>
          {kinds.map((kind) => (
            <li key={kind}>
              {kindName(kind)}: {snapshot.assets[kind]}
            </li>
          ))}
        </ul>
      </Text>
      <Group justify="flex-end">
        <LinkButton
          variant="default"
          to="/app/snapshots/$snapshotId"
          params={{ snapshotId: snapshot.id } as never}
          search={{} as never}
        >
          {words.open}
        </LinkButton>
        <LinkButton to="/app/push" search={{ snapshot: snapshot.id } as never}>
          {words.push}
        </LinkButton>
      </Group>
    </Stack>
  )
}
