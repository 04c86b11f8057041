import { Skeleton, Stack } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import { CallError, send } from '../../api/call.ts'
import { useDeed } from '../../parts/act.ts'
import { BothEdited } from '../../parts/document/both-edited.tsx'
import { changedNames, type Doc, type Editor, isDoc, isSame } from '../../parts/document/editors.ts'
import { faultsIn, faultsOfAll } from '../../parts/document/faults.ts'
import { FormContext } from '../../parts/document/form.ts'
import { type Merged, mergeEdits, onTop } from '../../parts/document/merge-edits.ts'
import { Properties } from '../../parts/document/properties.tsx'
import { Saving } from '../../parts/document/saving.tsx'
import { LeaveGuard } from '../../parts/leave-guard.tsx'
import { TextLink } from '../../parts/link-button.tsx'
import { hideDone, showDone, showFailure } from '../../parts/notices.tsx'
import { Page } from '../../parts/page.tsx'
import { useMayWork } from '../../parts/role.ts'
import { Failure, NotFound, Refused } from '../../parts/states.tsx'
import { type Kind, makeAddress } from './address.ts'
import { CustomFields } from './custom-fields.tsx'
import { pathOf, recordEditorOf } from './editors.ts'
import { lastChangeOf, nameOf, readRecord } from './sources.ts'
import { texts } from './texts.ts'
import { Trail } from './trail.tsx'

const words = texts.form

/** Who may write; clients where they work. */
const LEAST = 'operator'

interface Place {
  locationId: string
  kind: Kind
}

/** A new record, with what the list it was asked for in says of it. */
export function RecordMake() {
  const place = useParams({ strict: false }) as Place
  const { pipeline, calendar } = makeAddress(useSearch({ strict: false }))
  const editor = recordEditorOf(place.kind)?.make
  if (editor === undefined) return <NotFound />
  const given: Doc = {
    ...(place.kind === 'opportunities' ? { status: 'open', ...(pipeline && { pipelineId: pipeline }) } : {}),
    ...(place.kind === 'appointments' && calendar ? { calendarId: calendar } : {}),
  }
  return <RecordForm key={place.kind} place={place} editor={editor} id={null} base={{}} given={given} />
}

/** A record as a form. */
export function RecordEdit() {
  const { recordId, ...place } = useParams({ strict: false }) as Place & { recordId: string }
  // Another record is another page: nothing of what was begun here goes there.
  return <Edit key={`${place.locationId}/${place.kind}/${recordId}`} place={place} recordId={recordId} />
}

function Edit({ place, recordId }: { place: Place; recordId: string }) {
  const { locationId, kind } = place
  const editor = recordEditorOf(kind)?.change
  const present = useQuery({
    queryKey: ['record', { ...place, recordId }],
    queryFn: ({ signal }) => readRecord(kind, locationId, recordId, signal),
  })
  // What it was when editing began: what others do meanwhile does not change what somebody looks at.
  const [base, setBase] = useState<Doc>()
  useEffect(() => setBase((old) => old ?? present.data ?? undefined), [present.data])
  if (editor === undefined) return <NotFound />
  const failure = present.error && <Failure error={present.error} onRetry={() => void present.refetch()} />
  if (base === undefined) return failure ?? <Skeleton height={320} />
  // What is half written stays, whatever has become of the question.
  return (
    <>
      {failure}
      <RecordForm place={place} editor={editor} id={recordId} base={base} given={base} />
    </>
  )
}

interface FormProps {
  place: Place
  editor: Editor
  /** Null: it is to be made. */
  id: string | null
  base: Doc
  given: Doc
}

function RecordForm({ place, editor, id, base: opened, given }: FormProps) {
  const { locationId, kind } = place
  const [base, setBase] = useState(opened)
  const [draft, setDraft] = useState(given)
  const typed = useRef(draft)
  typed.current = draft
  const [merge, setMerge] = useState<(Merged & { present: Doc }) | null>(null)
  const [leadsTo, leadTo] = useState<string | null>(null)
  const navigate = useNavigate()
  const client = useQueryClient()
  const mayWrite = useMayWork()
  const list = `/app/locations/${locationId}/records`
  const changed = changedNames(editor, base, draft)
  // What is made begins with what was given; what is changed, with what is stored.
  const begun = id === null ? given : base
  const isDirty = changedNames(editor, begun, draft).length > 0
  const faults = id === null ? faultsOfAll(editor, draft) : faultsIn(editor, changed, draft)
  const form = useMemo(
    () => ({ locationId, kind, editor, document: draft, readOnly: false }),
    [locationId, kind, editor, draft],
  )
  /** What others change meanwhile stays; where both have changed the same, somebody says what is to be. */
  const change = async (recordId: string, body: Doc) => {
    for (let known = base; ; ) {
      try {
        return await send('PUT', pathOf(editor, recordId), body, { locationId, ifMatch: lastChangeOf(known) })
      } catch (error) {
        if (!(error instanceof CallError) || error.status !== 409) throw error
        const present = await readRecord(kind, locationId, recordId)
        if (lastChangeOf(present) === lastChangeOf(known)) throw error
        const edits = mergeEdits(editor, { base, theirs: present, mine: typed.current })
        known = present
        if (edits.clashes.length === 0) continue
        setMerge({ present, ...edits })
        throw error
      }
    }
  }
  const save = useDeed<string, Doc>({
    onMutate: hideDone,
    mutationFn: async (sent) => {
      const names = changedNames(editor, base, sent)
      const body = Object.fromEntries(names.map((name) => [name, sent[name] ?? emptyOf(editor, name)]))
      const made =
        id === null ? await send('POST', editor.path, { ...body, locationId }, { locationId }) : await change(id, body)
      const answer = (await made.json()) as Doc
      // Some answers are the record, others hold it.
      const whole = [answer, ...Object.values(answer)].find((one) => isDoc(one) && one.id !== undefined)
      return id ?? String((whole as Doc).id)
    },
    onSuccess: async (recordId, sent) => {
      for (const key of ['record', 'records.history', 'records', 'calendarEvents.list'])
        void client.invalidateQueries({ queryKey: [key] })
      showDone(words.saved)
      if (id === null || isSame(typed.current, sent)) return leadTo(`${list}/${kind}/${recordId}`)
      // Where it cannot be read, the next save is of what was typed on top of this, and merged with what is there.
      setBase({ ...base, ...sent })
      const saved = await readRecord(kind, locationId, recordId).catch(showFailure)
      if (saved === undefined) return
      setBase(saved)
      setDraft(onTop(editor, { sent, saved, typed: typed.current }))
    },
  })
  // Only once nothing is there to lose any more.
  useEffect(() => {
    if (leadsTo !== null) void navigate({ to: leadsTo, replace: true })
  }, [leadsTo, navigate])
  if (!mayWrite) return <Refused role={LEAST} />
  const model = kind === 'contacts' ? 'contact' : 'opportunity'
  return (
    <Page
      title={id === null ? words.make[kind] : words.edit(nameOf(base) || id)}
      trail={
        <Trail locationId={locationId} kind={kind}>
          {id !== null && (
            <TextLink to={`${list}/${kind}/${id}` as never} dir="auto">
              {nameOf(base) || id}
            </TextLink>
          )}
        </Trail>
      }
    >
      <LeaveGuard when={isDirty && leadsTo === null} texts={words.leave} />
      {merge !== null && (
        <BothEdited
          {...merge}
          onSettle={(document) => {
            save.reset()
            if (document !== null) {
              setBase(merge.present)
              setDraft(document)
            }
            setMerge(null)
          }}
        />
      )}
      <FormContext value={form}>
        {/* What is made stands nowhere yet that could be typed into meanwhile. */}
        <fieldset disabled={id === null && save.isPending} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
          <Stack maw={760}>
            <Properties schema={editor.schema} path="" value={draft} onChange={setDraft} without={['customFields']} />
            {editor.schema.properties?.customFields !== undefined && (
              <CustomFields
                locationId={locationId}
                model={model}
                value={(draft.customFields ?? []) as Doc[]}
                onChange={(customFields) => setDraft({ ...draft, customFields })}
              />
            )}
          </Stack>
        </fieldset>
      </FormContext>
      {isDirty && (
        <Saving
          faults={faults}
          fault={merge === null ? save.error : null}
          isSaving={save.isPending}
          onSave={() => save.mutate(draft)}
          onDiscard={() => {
            save.reset()
            setDraft(begun)
          }}
          label={id === null ? words.submit : undefined}
        />
      )}
    </Page>
  )
}

/** What takes a field out. */
const emptyOf = ({ schema }: Editor, name: string): unknown => {
  const { type, nullable } = schema.properties?.[name] ?? {}
  return nullable ? null : type === 'array' ? [] : ''
}
