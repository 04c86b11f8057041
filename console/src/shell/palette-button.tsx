import { Kbd, Text, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { texts } from '../texts.ts'

export function PaletteButton({ onOpen }: { onOpen: () => void }) {
  return (
    <UnstyledButton
      onClick={onOpen}
      aria-keyshortcuts="Control+K"
      px="sm"
      h={34}
      style={{
        display: 'flex',
        alignItems: 'center',
        gap: 8,
        border: '1px solid var(--line)',
        borderRadius: 'var(--mantine-radius-md)',
      }}
    >
      <IconSearch size={16} aria-hidden />
      <Text size="sm" c="dimmed" visibleFrom="sm" aria-hidden>
        {texts.search}
      </Text>
      <VisuallyHidden>{texts.search}</VisuallyHidden>
      <Kbd visibleFrom="sm" size="xs" aria-hidden>
        {texts.searchKey}
      </Kbd>
    </UnstyledButton>
  )
}
