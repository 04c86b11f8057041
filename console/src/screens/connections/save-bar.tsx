import { Button, Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Failure } from '../../parts/states.tsx'
import { texts } from './mapping/texts.ts'
import type { Draft } from './use-draft.ts'

/** The end of what is edited of a connection. `children`: how it is saved. */
export function SaveBar({ draft, children }: { draft: Draft; children: ReactNode }) {
  return (
    <Stack gap="xs">
      {draft.fault !== null && <Failure error={draft.fault} title={texts.saveFault} />}
      <Group>
        {children}
        {draft.isDirty && (
          <>
            <Button variant="default" onClick={draft.discard} disabled={draft.isSaving}>
              {texts.discard}
            </Button>
            <Text size="sm" c="dimmed">
              {texts.unsaved}
            </Text>
          </>
        )}
      </Group>
    </Stack>
  )
}
