import { Button, Code, Group, Stack, Text } from '@mantine/core'
import { CopyField } from './copy-field.tsx'

const texts = { use: 'It is sent as:', done: 'I have put it away' }

interface Props {
  label: string
  secret: string
  hint: string
  /** How it is sent is shown below it. */
  isBearer?: boolean
  onClose: () => void
}

/** Something that is shown only once. */
export function Secret({ label, secret, hint, isBearer = false, onClose }: Props) {
  return (
    <Stack>
      <CopyField label={label} description={hint} value={secret} />
      {isBearer && (
        <Text size="sm" c="dimmed">
          {texts.use} <Code>Authorization: Bearer …</Code>
        </Text>
      )}
      <Group justify="flex-end">
        <Button onClick={onClose}>{texts.done}</Button>
      </Group>
    </Stack>
  )
}
