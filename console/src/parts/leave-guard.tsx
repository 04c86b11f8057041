import { Button, Group, Modal, Text } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'
import { texts as shared } from '../texts.ts'
import type { RawSearch } from './address.ts'

interface Props {
  /** Whether there is anything to lose. */
  when: boolean
  /** A part of the address that loses it, too, when it changes. */
  loses?: string | undefined
  texts: { title: string; text: string; stay: string; go: string }
}

/** Asks before somebody leaves a page with changes that are not saved. Other views of the same page lose nothing. */
export function LeaveGuard({ when, loses, texts }: Props) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => {
      const at = ({ search }: { search: unknown }) => (loses === undefined ? null : (search as RawSearch)[loses])
      return when && (current.pathname !== next.pathname || at(current) !== at(next))
    },
    enableBeforeUnload: () => when,
    withResolver: true,
  })
  return (
    <Modal
      closeButtonProps={{ 'aria-label': shared.close }}
      opened={status === 'blocked'}
      onClose={() => reset?.()}
      title={texts.title}
    >
      <Text size="sm">{texts.text}</Text>
      <Group justify="flex-end" mt="md">
        <Button variant="default" data-autofocus onClick={() => reset?.()}>
          {texts.stay}
        </Button>
        <Button color="red.9" onClick={() => proceed?.()}>
          {texts.go}
        </Button>
      </Group>
    </Modal>
  )
}
