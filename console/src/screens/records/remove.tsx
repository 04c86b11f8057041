import { Button, Modal } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { call, send } from '../../api/call.ts'
import { useDeed, useIsThere } from '../../parts/act.ts'
import type { Editor } from '../../parts/document/editors.ts'
import { showDone, showFailure, showUndo } from '../../parts/notices.tsx'
import { Sure } from '../../parts/sure.tsx'
import { texts as shared } from '../../texts.ts'
import type { Kind } from './address.ts'
import { pathOf } from './editors.ts'
import { texts } from './texts.ts'

const words = texts.remove

interface Props {
  place: { locationId: string; kind: Kind; recordId: string }
  editor: Editor
  name: string
}

/** Deletes a record, which can be undone. With a contact goes what undoing does not bring back: it is asked about first. */
export function Remove({ place: { locationId, kind, recordId }, editor, name }: Props) {
  const [asks, setAsks] = useState(false)
  const navigate = useNavigate()
  const client = useQueryClient()
  const isThere = useIsThere()
  const forget = () => {
    for (const key of ['record', 'records.history', 'records', 'calendarEvents.list'])
      void client.invalidateQueries({ queryKey: [key] })
  }
  const restore = useDeed<unknown, void>({
    mutationFn: () => call('records.restore', { locationId, kind, recordId }, { locationId }),
    onSuccess: () => {
      forget()
      showDone(words.restored(name))
    },
    onError: showFailure,
  })
  const remove = useDeed<unknown, void>({
    mutationFn: () => send('DELETE', pathOf(editor, recordId), undefined, { locationId }),
    onSuccess: async () => {
      // From here what is gone is not asked for again.
      if (isThere.current) await navigate({ to: `/app/locations/${locationId}/records`, search: { kind } as never })
      forget()
      showUndo(words.done(name, kind), () => restore.mutate())
    },
    onError: showFailure,
  })
  return (
    <>
      <Button
        variant="default"
        c="var(--tone-bad)"
        loading={remove.isPending}
        onClick={() => (words.lead[kind] === undefined ? remove.mutate() : setAsks(true))}
      >
        {words.label}
      </Button>
      <Modal
        opened={asks}
        onClose={() => setAsks(false)}
        title={words.title(name)}
        closeButtonProps={{ 'aria-label': shared.close }}
      >
        <Sure
          lead={words.lead[kind] ?? ''}
          label={words.sure}
          isPending={remove.isPending}
          onYes={() => remove.mutate()}
          onNo={() => setAsks(false)}
        />
      </Modal>
    </>
  )
}
