import { Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { reads } from '../../api/query.ts'
import { useAddress } from '../../parts/address.ts'
import { FieldDiffs } from '../../parts/field-diff.tsx'
import { JsonView } from '../../parts/json-view.tsx'
import { Failure } from '../../parts/states.tsx'
import { assetAddress } from './address.ts'
import { texts } from './texts.ts'
import type { AssetPlace, Draft } from './use-draft.ts'

const { former: words } = texts

interface Props {
  place: AssetPlace
  changeId: string
  mayPutBack: boolean
  draft: Draft
}

/** The asset as one of its changes left it, what has changed since, and the way back. */
export function Then({ place, changeId, mayPutBack, draft }: Props) {
  const [, change] = useAddress(assetAddress)
  const former = useQuery(reads('locations.asset', { ...place, change: changeId }))
  const since = useQuery(reads('locations.assetDiff', { ...place, from: changeId }))
  const error = former.error ?? since.error
  if (error) return <Failure error={error} />
  if (former.data === undefined || since.data === undefined) return <Skeleton height={320} />
  const { document, isCurrent } = former.data.asset
  const putBack = () => {
    draft.edit(document)
    change({ view: 'form', change: undefined }, 'push')
  }
  // Backwards: what is now becomes what was then.
  const fields = since.data.fields.map(({ path, ...sides }) => ({
    path,
    ...('after' in sides ? { before: sides.after } : {}),
    ...('before' in sides ? { after: sides.before } : {}),
  }))
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={2} size="h4">
          {words.title}
        </Title>
        <Group gap="xs">
          <Button variant="default" onClick={() => change({ change: undefined })}>
            {texts.views.history}
          </Button>
          {mayPutBack && !isCurrent && <Button onClick={putBack}>{words.putBack}</Button>}
        </Group>
      </Group>
      {isCurrent ? (
        <Text size="sm">{words.same}</Text>
      ) : (
        <>
          <Title order={3} size="h5">
            {words.differs}
          </Title>
          <FieldDiffs fields={fields} sides={{ before: words.before, after: words.after }} />
        </>
      )}
      <JsonView value={document} label={words.title} />
    </Stack>
  )
}
