import { Button, Code, Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { CopyField } from './copy-field.tsx'
import { Dialog } from './dialog.tsx'
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
  isDirty?: boolean
  isMaking: boolean
  onClose: () => void
  /** What leads to it. */
  children: ReactNode
}

/** A dialog at whose end something is shown only once. */
export function SecretDialog({
  title,
  size = 'lg',
  secret,
  isDirty = false,
  isMaking,
  onClose,
  children,
  ...shown
}: Props) {
  return (
    <Dialog title={title} size={size} isDirty={isDirty} isMaking={isMaking} isOnce={secret !== null} onClose={onClose}>
      {secret === null ? children : <Secret {...shown} secret={secret} onClose={onClose} />}
    </Dialog>
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
