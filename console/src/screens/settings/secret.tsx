import { Button, Code, Group, Stack, Text } from '@mantine/core'
import { CopyField } from '../../parts/copy-field.tsx'
import { texts } from './texts.ts'

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
          {texts.tokens.form.use} <Code>Authorization: Bearer …</Code>
        </Text>
      )}
      <Group justify="flex-end">
        <Button onClick={onClose}>{texts.tokens.form.done}</Button>
      </Group>
    </Stack>
  )
}
