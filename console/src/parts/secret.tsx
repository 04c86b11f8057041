import { Button, Code, Group, Modal, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { texts as shared } from '../texts.ts'
import { CopyField } from './copy-field.tsx'
import { texts } from './texts.ts'

const { secret: words } = texts

interface Props {
  title: string
  size?: 'lg' | 'xl'
  /** Null: it has not been made yet. */
  secret: string | null
  label: string
  hint: string
  /** How it is sent is shown below it. */
  isBearer?: boolean
  onClose: () => void
  /** What leads to it. */
  children: ReactNode
}

/** A dialog at whose end something is shown only once: a click beside it does not lose it. */
export function SecretDialog({ title, size = 'lg', secret, onClose, children, ...shown }: Props) {
  return (
    <Modal
      opened
      onClose={onClose}
      size={size}
      title={title}
      closeButtonProps={{ 'aria-label': shared.close }}
      closeOnClickOutside={secret === null}
    >
      {secret === null ? children : <Secret {...shown} secret={secret} onClose={onClose} />}
    </Modal>
  )
}

type Shown = Pick<Props, 'label' | 'hint' | 'isBearer' | 'onClose'> & { secret: string }

function Secret({ label, secret, hint, isBearer = false, onClose }: Shown) {
  return (
    <Stack>
      <CopyField label={label} description={hint} value={secret} />
      {isBearer && (
        <Text size="sm" c="dimmed">
          {words.use} <Code>{texts.bearer}</Code>
        </Text>
      )}
      <Group justify="flex-end">
        <Button onClick={onClose}>{words.done}</Button>
      </Group>
    </Stack>
  )
}
