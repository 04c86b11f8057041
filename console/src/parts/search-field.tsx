import { CloseButton, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { texts } from './texts.ts'

const TYPING_MS = 200

interface Props {
  label: string
  value: string
  onChange: (value: string) => void
  maw?: number
}

/** A search that is carried out while it is typed. */
export function SearchField({ label, value, onChange, maw = 380 }: Props) {
  const [text, setText] = useState(value)
  const tell = useDebouncedCallback(onChange, TYPING_MS)
  // The address changes without us, too: by going back, and from the palette.
  useEffect(() => setText(value), [value])
  const write = (next: string) => {
    setText(next)
    tell(next)
  }
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={label}
      value={text}
      maw={maw}
      w="100%"
      onChange={(event) => write(event.currentTarget.value)}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={text === '' ? null : <CloseButton size="sm" aria-label={texts.clear} onClick={() => write('')} />}
    />
  )
}
