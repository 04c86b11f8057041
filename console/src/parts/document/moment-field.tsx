import { TextInput } from '@mantine/core'
import { texts } from './texts.ts'

const { moment: words } = texts

interface Props {
  label: string
  /** ISO 8601. */
  value: string | undefined
  onChange: (value: string | undefined) => void
  required: boolean
}

const two = (number: number) => String(number).padStart(2, '0')

/** `2026-03-03T09:00`, as the clock of whoever looks shows it. */
function localText(value: string | undefined): string {
  const at = new Date(value ?? '')
  if (Number.isNaN(at.getTime())) return ''
  const day = `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`
}

/** A moment, by day and time. */
export function MomentField({ label, value, onChange, required }: Props) {
  const write = (text: string) => onChange(text === '' ? undefined : new Date(text).toISOString())
  return (
    <TextInput
      type="datetime-local"
      label={label}
      description={words.hint}
      withAsterisk={required}
      maw={280}
      value={localText(value)}
      onChange={(event) => write(event.currentTarget.value)}
    />
  )
}
