import { Badge, SegmentedControl, Stack, Text } from '@mantine/core'
import { useMemo, useState } from 'react'
import classes from './diff.module.css'
import { pathText } from './document/labels.ts'
import { stillPage } from './still-page.ts'
import { texts } from './texts.ts'
import { ValueView } from './value-view.tsx'
import { useWordDiff, WordDiff } from './word-diff.tsx'

/** One field that differs, as operations tell it. A side that is absent was not there. */
export interface Field {
  path: string
  before?: unknown
  after?: unknown
  /** What it is called, where its path does not say it. */
  label?: string
  [name: string]: unknown
}

interface Sides {
  before: string
  after: string
}

/** What differs, field by field. `sides`: what the two are called. */
export function FieldDiffs({ fields, sides }: { fields: readonly Field[]; sides: Sides }) {
  return (
    <Stack gap="sm">
      {fields.map((field) => (
        <FieldDiff key={field.path} field={field} sides={sides} />
      ))}
    </Stack>
  )
}

const isText = (value: unknown): value is string => typeof value === 'string'
/** Short texts read best side by side; long ones as one. */
const SHORT = 40
const looksLikeHtml = (value: unknown) => isText(value) && /<[a-z][^>]*>/i.test(value)

function FieldDiff({ field, sides }: { field: Field; sides: Sides }) {
  const { path, before, after } = field
  const name = field.label ?? pathText(path)
  const [view, setView] = useState<'text' | 'page'>('text')
  const hasBefore = 'before' in field
  const hasAfter = 'after' in field
  const isHtml = looksLikeHtml(before) || looksLikeHtml(after)
  const isLong = isText(before) && isText(after) && before.length + after.length > SHORT
  return (
    <section className={classes.field} aria-label={name || texts.diff.document}>
      <div className={classes.path}>
        <span dir="auto" title={path}>
          {name || texts.diff.whole}
        </span>
        {!hasBefore && hasAfter && (
          <Badge size="xs" variant="outline" color="var(--tone-good)">
            {texts.diff.added}
          </Badge>
        )}
        {hasBefore && !hasAfter && (
          <Badge size="xs" variant="outline" color="var(--tone-bad)">
            {texts.diff.removed}
          </Badge>
        )}
        {isHtml && (
          <SegmentedControl
            size="xs"
            aria-label={texts.diff.shown(name)}
            value={view}
            onChange={setView}
            data={[
              { value: 'text', label: texts.diff.views.text },
              { value: 'page', label: texts.diff.views.page },
            ]}
          />
        )}
      </div>
      {view === 'page' ? (
        <Pages before={before} after={after} sides={sides} />
      ) : isLong ? (
        <LongText before={before} after={after} sides={sides} />
      ) : (
        <div className={classes.sides}>
          {hasBefore && <Side name="before" label={sides.before} value={before} />}
          {hasAfter && <Side name="after" label={sides.after} value={after} />}
        </div>
      )}
    </section>
  )
}

function LongText({ before, after, sides }: { before: string; after: string; sides: Sides }) {
  const changes = useWordDiff(before, after)
  if (changes === null)
    return (
      <div className={classes.sides}>
        <Side name="before" label={sides.before} value={before} />
        <Side name="after" label={sides.after} value={after} />
      </div>
    )
  return (
    <div className={classes.side} data-side="words">
      <WordDiff changes={changes} />
    </div>
  )
}

function Side({ name, label, value }: { name: 'before' | 'after'; label: string; value: unknown }) {
  const isEmpty = value === '' || value === null
  return (
    <div className={classes.side} data-side={name}>
      <span className={classes.label}>{label}</span>
      {isEmpty ? (
        <Text component="em" size="sm">
          {value === null ? texts.diff.nothing : texts.diff.empty}
        </Text>
      ) : (
        <ValueView value={value} />
      )}
    </div>
  )
}

/** What people wrote as a page, in frames that run no script, send no form and load nothing from elsewhere. */
function Pages({ before, after, sides }: { before: unknown; after: unknown; sides: Sides }) {
  return (
    <div className={classes.sides}>
      {isText(before) && <PageSide name="before" label={sides.before} html={before} />}
      {isText(after) && <PageSide name="after" label={sides.after} html={after} />}
    </div>
  )
}

function PageSide({ name, label, html }: { name: 'before' | 'after'; label: string; html: string }) {
  const page = useMemo(() => stillPage(html), [html])
  return (
    <div className={classes.side} data-side={name}>
      <span className={classes.label}>{label}</span>
      <iframe title={texts.diff.page(label)} sandbox="" srcDoc={page} className={classes.frame} />
    </div>
  )
}
