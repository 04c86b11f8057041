import { Center, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTitle } from '../parts/page.tsx'
import { Mark } from './mark.tsx'

/** What follows `#` is sent to no server. It stays in the address until it is used up: a reload loses nothing. */
export const afterHash = (name: string): string =>
  new URLSearchParams(window.location.hash.replace(/^#/, '')).get(name) ?? ''

/** A page for somebody who is not signed in. */
export function Door({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  useTitle(title)
  return (
    <Center mih="100dvh" p="md" component="main">
      <Stack w="100%" maw={400} gap="lg">
        <Stack gap={4} align="center">
          <Mark size={44} />
          <Title order={1} size="h3">
            {title}
          </Title>
          <Text c="dimmed" size="sm" ta="center">
            {lead}
          </Text>
        </Stack>
        {children}
      </Stack>
    </Center>
  )
}
