import { Button, Modal } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Output } from '../../api/call.ts'
import { useAct } from '../../parts/act.ts'
import { showDone } from '../../parts/notices.tsx'
import { Sure } from '../../parts/sure.tsx'
import { texts as shared } from '../../texts.ts'
import { texts } from './texts.ts'

const words = texts.one

/** Deletes a snapshot, which cannot be undone. */
export function Remove({ snapshot: { id, name } }: { snapshot: Output<'snapshots.get'>['snapshot'] }) {
  const [asks, setAsks] = useState(false)
  const navigate = useNavigate()
  const remove = useAct('snapshots.delete', {
    changes: ['snapshots.list', 'snapshots.shares', 'fleet.list', 'pushes.list'],
    onDone: () => {
      showDone(words.removed(name))
      void navigate({ to: '/app/snapshots' })
    },
  })
  return (
    <>
      <Button variant="default" c="var(--tone-bad)" onClick={() => setAsks(true)}>
        {words.remove}
      </Button>
      <Modal
        opened={asks}
        onClose={() => setAsks(false)}
        title={words.removeTitle(name)}
        closeButtonProps={{ 'aria-label': shared.close }}
      >
        <Sure
          lead={words.removeLead}
          label={words.removeSure}
          isPending={remove.isPending}
          onYes={() => remove.mutate({ snapshotId: id })}
          onNo={() => setAsks(false)}
        />
      </Modal>
    </>
  )
}
