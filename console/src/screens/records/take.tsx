import { Button, Modal, Select, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { reads } from '../../api/query.ts'
import { useAct } from '../../parts/act.ts'
import { DialogButtons } from '../../parts/dialog-buttons.tsx'
import { useRole } from '../../parts/role.ts'
import { Failure, Waiting } from '../../parts/states.tsx'
import { texts as shared } from '../../texts.ts'
import type { Kind } from './address.ts'
import { texts } from './texts.ts'

const words = texts.take

/** Kinds that the journal tells of. */
const TOLD: readonly Kind[] = ['contacts', 'opportunities', 'appointments', 'invoices', 'businesses']
/** Of one request. */
export const MOST_TAKEN = 200
/** Apps are few, their subscriptions many: so many are looked through. */
const LOOKED_AT = 500

export const useMayTake = (kind: Kind): boolean => useRole('operator') && TOLD.includes(kind)

interface Props {
  locationId: string
  kind: Kind
  recordIds: readonly string[]
  /** As they were then, in milliseconds. */
  at?: number | undefined
  onClose: () => void
}

/** Has records told to an app, by its journal, and goes where that is followed. */
export function TakeSnapshot({ locationId, kind, recordIds, at, onClose }: Props) {
  const [chosen, choose] = useState<string | null>(null)
  const listening = useQuery(reads('journals.subscriptions', { locationId, limit: LOOKED_AT }))
  const apps = new Map(
    listening.data?.subscriptions.filter(({ installed }) => installed).map(({ appId, appName }) => [appId, appName]),
  )
  const appId = chosen ?? apps.keys().next().value
  const take = useAct('records.takeSnapshots', {
    leadsTo: ({ snapshotId }) =>
      `/app/journal/snapshot?${new URLSearchParams({ location: locationId, snapshot: snapshotId })}`,
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title={words.title(recordIds.length)}
      closeButtonProps={{ 'aria-label': shared.close }}
    >
      {listening.error ? (
        <Failure error={listening.error} onRetry={() => void listening.refetch()} />
      ) : listening.isPending ? (
        <Waiting lines={3} />
      ) : appId === undefined ? (
        <Stack>
          <Text size="sm">{words.nobody}</Text>
          <Button variant="default" onClick={onClose}>
            {shared.close}
          </Button>
        </Stack>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            take.mutate({
              locationId,
              kind,
              recordIds: [...recordIds],
              appId,
              ...(at !== undefined && { asOf: new Date(at).toISOString() }),
            })
          }}
        >
          <Stack>
            <Text size="sm">{words.lead}</Text>
            {at !== undefined && <Text size="sm">{words.asOf(new Date(at).toLocaleString('en-GB'))}</Text>}
            <Select
              label={words.app}
              allowDeselect={false}
              value={appId}
              onChange={choose}
              data={[...apps].map(([value, label]) => ({ value, label }))}
            />
            <DialogButtons submit={words.submit} isPending={take.isPending} onClose={onClose} />
          </Stack>
        </form>
      )}
    </Modal>
  )
}
