import { Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { askAgain, reads } from '../../api/query.ts'
import { useAddress } from '../../parts/address.ts'
import { type Doc, editorOf } from '../../parts/document/editors.ts'
import { FormContext } from '../../parts/document/form.ts'
import { Properties } from '../../parts/document/properties.tsx'
import { JsonView } from '../../parts/json-view.tsx'
import { showUndo } from '../../parts/notices.tsx'
import { Failure } from '../../parts/states.tsx'
import { NamedDiffs } from '../records/named-diffs.tsx'
import { assetAddress } from './address.ts'
import { Hours } from './hours.tsx'
import { texts } from './texts.ts'
import type { AssetPlace, Draft } from './use-draft.ts'

const { former: words } = texts
/** What led nowhere then is not known. */
const NONE_KNOWN = new Map()
const unchanged = () => undefined

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
  if (error) return <Failure error={error} onRetry={askAgain(former, since)} />
  if (former.data === undefined || since.data === undefined) return <Skeleton height={320} />
  const { document, isCurrent } = former.data.asset
  const putBack = () => {
    const unsaved = draft.isDirty ? draft.draft : undefined
    draft.replace(document)
    change({ view: 'form', change: undefined }, 'push')
    if (unsaved !== undefined) showUndo(words.replaced, () => draft.replace(unsaved))
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
          <NamedDiffs
            locationId={place.locationId}
            fields={fields}
            sides={{ before: words.before, after: words.after }}
          />
        </>
      )}
      <Former place={place} document={document} />
    </Stack>
  )
}

/** All of it, in the form that it is edited in. */
function Former({ place: { locationId, kind }, document }: { place: AssetPlace; document: Doc }) {
  const editor = editorOf(kind)
  const form = useMemo(
    () => editor && { locationId, kind, editor, document, readOnly: true, broken: NONE_KNOWN, aim: undefined },
    [locationId, kind, editor, document],
  )
  if (form === null) return <JsonView value={document} label={words.title} />
  return (
    <FormContext value={form}>
      <Stack maw={760} component="section" aria-label={words.title}>
        <Properties
          schema={form.editor.schema}
          path=""
          value={document}
          onChange={unchanged}
          without={kind === 'calendars' ? ['openHours'] : []}
        />
        {kind === 'calendars' && <Hours document={document} onChange={unchanged} />}
      </Stack>
    </FormContext>
  )
}
