import { Alert, Anchor, Button, Group, Radio, Select, Stack, TagsInput, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { reads } from '../../api/query.ts'
import { currentSession } from '../../api/session.ts'
import { useAct } from '../../parts/act.ts'
import { CopyField } from '../../parts/copy-field.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { DialogButtons } from '../../parts/dialog-buttons.tsx'
import { LinkButton } from '../../parts/link-button.tsx'
import { Failure } from '../../parts/states.tsx'
import { versionName } from '../../parts/version-name.ts'
import { texts } from './texts.ts'

const words = texts.form
type Kind = keyof typeof texts.kinds
const KINDS = Object.keys(texts.kinds) as Kind[]

/** Makes a link for a snapshot, or gives a version of it as a file. `snapshotId`: the one to begin with. */
export function Make({ snapshotId, onClose }: { snapshotId: string | undefined; onClose: () => void }) {
  const [fault, setFault] = useState<unknown>(null)
  const [link, setLink] = useState<string | null>(null)
  const snapshots = useQuery(reads('snapshots.list', {}))
  const own = snapshots.data?.snapshots.filter(({ type }) => type === 'own')
  const form = useForm({
    initialValues: { snapshotId: snapshotId ?? '', kind: 'link' as Kind, listed: [] as string[] },
    validate: {
      snapshotId: (value) => (value === '' ? words.snapshotFault : null),
      listed: (value, { kind }) => (isListed(kind) && value.length === 0 ? words.listFault : null),
    },
  })
  const share = useAct('snapshots.share', {
    changes: ['snapshots.shares'],
    onFault: setFault,
    onDone: ({ shareLink }) => setLink(shareLink),
  })
  const { kind } = form.values
  const submit = form.onSubmit((values) => {
    setFault(null)
    share.mutate({
      snapshot_id: values.snapshotId,
      share_type: kind,
      ...(kind === 'agency_link' ? { relationship_number: values.listed.join(',') } : {}),
      ...(kind === 'location_link' ? { share_location_id: values.listed.join(',') } : {}),
    })
  })
  return (
    <Dialog
      title={link === null ? words.title : words.made}
      size="lg"
      isDirty={link === null && form.isDirty() && !share.isPending}
      onClose={onClose}
    >
      {link !== null ? (
        <Stack>
          <Text size="sm">{words.handOver}</Text>
          <CopyField label={texts.one.link} value={link} />
          <Text size="sm" c="dimmed">
            {texts.kinds[kind].ends}
          </Text>
          <Group justify="flex-end">
            <Button onClick={onClose}>{texts.one.done}</Button>
          </Group>
        </Stack>
      ) : own?.length === 0 ? (
        <Alert variant="outline">
          <Stack gap="xs" align="flex-start">
            <Text size="sm">{texts.noSnapshot}</Text>
            <LinkButton to="/app/snapshots" variant="default">
              {texts.toSnapshots}
            </LinkButton>
          </Stack>
        </Alert>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            {fault !== null && <Failure error={fault} title={words.failed} />}
            {snapshots.error && <Failure error={snapshots.error} onRetry={() => void snapshots.refetch()} />}
            <Select
              label={words.snapshot}
              searchable
              data={(own ?? []).map(({ id, name }) => ({ value: id, label: name }))}
              {...form.getInputProps('snapshotId')}
              value={own === undefined ? null : form.values.snapshotId || null}
            />
            <Radio.Group
              label={words.kind}
              value={kind}
              onChange={(next) => form.setValues({ kind: next as Kind, listed: [] })}
            >
              <Stack mt="xs" gap="xs">
                {KINDS.map((one) => (
                  <Radio key={one} value={one} label={texts.kinds[one].label} description={texts.kinds[one].hint} />
                ))}
              </Stack>
            </Radio.Group>
            {isListed(kind) && (
              <TagsInput
                key={kind}
                label={kind === 'agency_link' ? words.numbers : words.locations}
                description={kind === 'agency_link' ? words.numbersHint : words.locationsHint}
                splitChars={[',', ' ']}
                acceptValueOnBlur
                {...form.getInputProps('listed')}
              />
            )}
            <Text size="sm" c="dimmed">
              {words.newest}
            </Text>
            <DialogButtons submit={words.submit} isPending={share.isPending} onClose={onClose} />
            {form.values.snapshotId !== '' && <AsFile snapshotId={form.values.snapshotId} />}
          </Stack>
        </form>
      )}
    </Dialog>
  )
}

const isListed = (kind: Kind): boolean => kind === 'agency_link' || kind === 'location_link'

/** A version as a file: for installations that this one does not reach. */
function AsFile({ snapshotId }: { snapshotId: string }) {
  const { data } = useQuery(reads('snapshots.versions', { snapshotId }))
  const [chosen, choose] = useState<string | null>(null)
  const newest = data?.versions[0]?.version
  const version = chosen ?? String(newest ?? '')
  const query = new URLSearchParams({ companyId: currentSession()?.company.id ?? '', version })
  return (
    <Stack gap="xs">
      <Text size="sm">{words.file}</Text>
      <Group align="flex-end" gap="sm">
        <Select
          label={words.version}
          allowDeselect={false}
          value={version}
          onChange={choose}
          data={(data?.versions ?? []).map((one) => ({
            value: String(one.version),
            label: versionName(one, newest),
          }))}
        />
        <Anchor size="sm" download href={`/snapshots/${encodeURIComponent(snapshotId)}/export?${query}`} pb={8}>
          {words.download}
        </Anchor>
      </Group>
    </Stack>
  )
}
