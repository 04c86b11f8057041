import { Button, Modal, Stack } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { send } from '../../api/call.ts'
import { forget } from '../../api/query.ts'
import { useDeed, useIsThere } from '../../parts/act.ts'
import type { Doc, Editor } from '../../parts/document/editors.ts'
import { showDone, showFailure } from '../../parts/notices.tsx'
import { Sure } from '../../parts/sure.tsx'
import { texts as shared } from '../../texts.ts'
import { pathOf } from './draft.ts'
import { texts } from './texts.ts'
import { Usage } from './usage.tsx'
import type { AssetPlace } from './use-draft.ts'

const words = texts.remove

interface Props {
  place: AssetPlace
  editor: Editor
  name: string
  document: Doc
}

/** Deletes an asset, after what refers to it has been shown. */
export function Remove({ place, editor, name, document }: Props) {
  const { locationId, kind, assetId } = place
  const [asks, setAsks] = useState(false)
  const navigate = useNavigate()
  const isThere = useIsThere()
  const remove = useDeed<unknown, void>({
    mutationFn: () =>
      send('DELETE', pathOf(editor, { locationId, id: assetId, base: document }), undefined, { locationId }),
    onSuccess: async () => {
      // From here what is gone is not asked for again.
      if (isThere.current) await navigate({ to: `/app/locations/${locationId}`, search: { kind } as never })
      void forget('locations.assets', 'locations.brokenReferences', 'snapshots.drift', 'fleet.list')
      showDone(words.done(name))
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
        <Stack>
          <Usage place={place} />
          <Sure
            lead={words.lead}
            label={words.sure}
            isPending={remove.isPending}
            onYes={() => remove.mutate()}
            onNo={() => setAsks(false)}
          />
        </Stack>
      </Modal>
    </>
  )
}
