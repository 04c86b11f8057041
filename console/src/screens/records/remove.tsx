import { Button, Modal } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { send } from '../../api/call.ts'
import type { Editor } from '../../parts/document/editors.ts'
import { showDone, showFailure } from '../../parts/notices.tsx'
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

/** Deletes a record. What was its own goes with it, so it is asked about first. */
export function Remove({ place: { locationId, kind, recordId }, editor, name }: Props) {
  const [asks, setAsks] = useState(false)
  const navigate = useNavigate()
  const client = useQueryClient()
  const remove = useMutation({
    mutationFn: () => send('DELETE', pathOf(editor, recordId), undefined, { locationId }),
    onSuccess: () => {
      for (const key of ['record', 'records.history', 'records', 'calendarEvents.list'])
        void client.invalidateQueries({ queryKey: [key] })
      showDone(words.done(name))
      void navigate({ to: `/app/locations/${locationId}/records`, search: { kind } as never })
    },
    onError: showFailure,
  })
  return (
    <>
      <Button variant="default" c="var(--tone-bad)" onClick={() => setAsks(true)}>
        {words.label}
      </Button>
      <Modal
        opened={asks}
        onClose={() => setAsks(false)}
        title={words.title(name)}
        closeButtonProps={{ 'aria-label': shared.close }}
      >
        <Sure
          lead={words.lead[kind] ?? words.plain}
          label={words.sure}
          isPending={remove.isPending}
          onYes={() => remove.mutate()}
          onNo={() => setAsks(false)}
        />
      </Modal>
    </>
  )
}
