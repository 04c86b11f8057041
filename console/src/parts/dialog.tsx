import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { texts as shared } from '../texts.ts'
import { texts } from './texts.ts'

const { dialog: words } = texts

interface Props {
  title: string
  size?: 'lg' | 'xl'
  /** Something has been typed into it: closing it asks first, but by the form's own button. */
  isDirty?: boolean
  /** What is being made is shown this once: until it is there, nothing closes the dialog. */
  isMaking?: boolean
  /** Something is shown this once: neither a click beside it nor Escape loses it. */
  isOnce?: boolean
  onClose: () => void
  children: ReactNode
}

/** A dialog with a form in it, or with what comes of it. */
export function Dialog({ title, size, isDirty = false, isMaking = false, isOnce = false, onClose, children }: Props) {
  const [asks, setAsks] = useState(false)
  const isAsking = asks && isDirty && !isOnce
  const close = () => {
    if (isMaking) return
    if (isDirty && !isOnce) setAsks(true)
    else onClose()
  }
  return (
    <Modal
      opened
      onClose={close}
      {...(size === undefined ? {} : { size })}
      title={title}
      closeButtonProps={{ 'aria-label': shared.close }}
      closeOnClickOutside={!isOnce}
      closeOnEscape={!isOnce}
    >
      {isAsking && (
        <Alert color="yellow" variant="outline" role="alert" mb="md">
          <Stack gap="xs">
            <Text size="sm">{words.lost}</Text>
            <Group>
              <Button size="compact-sm" variant="default" onClick={() => setAsks(false)}>
                {words.stay}
              </Button>
              <Button size="compact-sm" color="red.9" onClick={onClose}>
                {words.go}
              </Button>
            </Group>
          </Stack>
        </Alert>
      )}
      {children}
    </Modal>
  )
}
