import { Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { reads } from '../../api/query.ts'
import { LinkButton, TextLink } from '../../parts/link-button.tsx'
import { texts } from './texts.ts'

/** Where no snapshot stands anywhere: what to do next, and whether one ever did. */
export default function Begin() {
  const { data } = useQuery(reads('pushes.list', { limit: 1 }))
  if (data === undefined) return null
  const hasPushed = data.pushes.length > 0
  return (
    <Group gap="sm">
      <Text size="sm" maw={620}>
        {hasPushed ? texts.beginAgain : texts.begin}
      </Text>
      {hasPushed ? (
        <TextLink to={'/app/pushes' as never}>{texts.pushes}</TextLink>
      ) : (
        <LinkButton to={'/app/snapshots' as never} search={{ capture: true } as never}>
          {texts.beginBy}
        </LinkButton>
      )}
    </Group>
  )
}
