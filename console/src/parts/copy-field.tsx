import { Button, Group, TextInput } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { texts } from '../texts.ts'

interface Props {
  label: string
  description?: string
  value: string
}

/** A text to take elsewhere: copied by a click, or chosen and copied by hand where the browser does not let us. */
export function CopyField({ label, description, value }: Props) {
  const { copy, copied } = useClipboard({ timeout: 2_000 })
  const Icon = copied ? IconCheck : IconCopy
  return (
    <Group align="flex-end" gap="xs" wrap="nowrap">
      <TextInput
        label={label}
        description={description}
        value={value}
        readOnly
        dir="ltr"
        onFocus={(event) => event.currentTarget.select()}
        style={{ flex: 1, minWidth: 0 }}
      />
      <Button variant="default" leftSection={<Icon size={16} aria-hidden />} onClick={() => copy(value)}>
        {copied ? texts.copied : texts.copy}
      </Button>
    </Group>
  )
}
