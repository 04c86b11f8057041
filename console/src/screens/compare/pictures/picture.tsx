import { Stack, Text } from '@mantine/core'
import { type Doc, isSame } from '../../../parts/document/editors.ts'
import { labelOf } from '../../../parts/document/labels.ts'
import { DAYS, dayBefore, SHOWN, spansText, weekOf } from '../../../parts/hours.ts'
import { Scale, Track } from '../../../parts/week.tsx'
import { texts } from '../texts.ts'
import { StepsPicture } from './graph.tsx'
import { inSequence, type Marked, mergeParts, pagesOf, partsIn } from './marks.ts'
import classes from './pictures.module.css'

const { pictures: words } = texts

interface Sides {
  before: Doc
  after: Doc
}

/** Both sides of an asset as one picture, in the form that people know it by. */
export default function Picture({ kind, ...sides }: Sides & { kind: string }) {
  if (kind === 'workflows' || kind === 'campaigns') return <StepsPicture kind={kind} {...sides} />
  if (kind === 'pipelines') return <Board {...sides} />
  if (kind === 'calendars') return <Week {...sides} />
  if (kind === 'forms') return <Fields label={words.form} marked={mergeParts(...both(sides, 'fields'))} />
  return <Groups kind={kind} {...sides} />
}

const both = ({ before, after }: Sides, name: string): [Doc[], Doc[]] => [partsIn(before[name]), partsIn(after[name])]

const nameOf = ({ name, label, type }: Doc) => String(name || label || labelOf(String(type ?? '')))

function Told({ mark }: { mark: Marked['mark'] }) {
  return mark === 'same' ? null : (
    <Text size="xs" c={`var(--tone-${texts.marks[mark].tone})`} fw={600}>
      {texts.marks[mark].meaning}
    </Text>
  )
}

/** The stages of a pipeline side by side. */
function Board(sides: Sides) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by key
    <section className={classes.scroll} aria-label={words.board} tabIndex={0}>
      <ol className={classes.board}>
        {mergeParts(...both(sides, 'stages')).map(({ part, mark }) => (
          <li key={String(part.id)} className={classes.part} data-mark={mark}>
            <Told mark={mark} />
            <span dir="auto">{nameOf(part)}</span>
            {typeof part.probability === 'number' && <Text size="xs">{part.probability} %</Text>}
          </li>
        ))}
      </ol>
    </section>
  )
}

/** The fields of a form as whoever fills it in sees them. */
function Fields({ label, marked }: { label: string; marked: readonly Marked[] }) {
  return (
    <ol className={classes.form} aria-label={label}>
      {marked.map(({ part, mark }) => (
        <li key={String(part.id)} className={classes.part} data-mark={mark}>
          <Told mark={mark} />
          <span dir="auto">
            {nameOf(part)}
            {part.required === true && ' *'}
          </span>
          <div className={classes.input} dir="auto">
            {String(part.placeholder ?? '')}
          </div>
        </li>
      ))}
    </ol>
  )
}

const PLACES: Readonly<Record<string, readonly [string, string]>> = {
  surveys: ['slides', 'fields'],
  funnels: ['steps', 'pages'],
}

/** Slides of a survey with their fields, steps of a funnel with their pages. */
function Groups({ kind, before, after }: Sides & { kind: string }) {
  const [outer, inner] = PLACES[kind] ?? ['', '']
  const Inner = kind === 'funnels' ? Pages : Slide
  const innerOf = (doc: Doc, group: unknown) =>
    kind === 'funnels' ? pagesOf(doc, group) : partsIn(partsIn(doc[outer]).find(({ id }) => id === group)?.[inner])
  return (
    <Stack gap="xs" aria-label={words.groups} component="section">
      {mergeParts(inSequence(before[outer]), inSequence(after[outer])).map(({ part, mark }, index) => (
        <section key={String(part.id)} className={classes.part} data-mark={mark} aria-label={nameOf(part)}>
          <Told mark={mark} />
          <Text size="sm" fw={600} dir="auto">
            {words.numbered(index + 1)}
            <bdi>{nameOf(part)}</bdi>
          </Text>
          <Inner label={nameOf(part)} before={innerOf(before, part.id)} after={innerOf(after, part.id)} />
        </section>
      ))}
    </Stack>
  )
}

interface InnerProps {
  label: string
  before: readonly Doc[]
  after: readonly Doc[]
}

const Slide = ({ label, before, after }: InnerProps) => <Fields label={label} marked={mergeParts(before, after)} />

/** Pages with what stands on them, block by block. */
function Pages({ label, before, after }: InnerProps) {
  const sectionsOf = (pages: readonly Doc[], page: unknown) => partsIn(pages.find(({ id }) => id === page)?.sections)
  return (
    <ol className={classes.form} aria-label={label}>
      {mergeParts(before, after).map(({ part, mark }) => (
        <li key={String(part.id)} className={classes.part} data-mark={mark}>
          <Told mark={mark} />
          <span dir="auto">{nameOf(part)}</span>
          <ol className={classes.form} aria-label={words.page(nameOf(part))}>
            {mergeParts(sectionsOf(before, part.id), sectionsOf(after, part.id)).map((section) => (
              <li key={String(section.part.id)} className={classes.part} data-mark={section.mark}>
                <Told mark={section.mark} />
                <Text size="xs" c="dimmed">
                  {labelOf(String(section.part.type ?? ''))}
                </Text>
                <span dir="auto">{sectionText(section.part)}</span>
              </li>
            ))}
          </ol>
        </li>
      ))}
    </ol>
  )
}

/** What a block of a page shows: its text, what it brings in by its name, or where that comes from. */
const sectionText = ({ name, text, html, formId, surveyId, calendarId, imageUrl, url }: Doc): string =>
  [text || name || (typeof html === 'string' ? textOfPage(html) : ''), formId, surveyId, calendarId, imageUrl || url]
    .filter((one) => typeof one === 'string' && one !== '')
    .join(' · ')

const textOfPage = (html: string) =>
  new DOMParser().parseFromString(html, 'text/html').body.textContent?.replace(/\s+/g, ' ').trim()

/** The opening hours of a week; where a day differs, both. */
function Week({ before, after }: Sides) {
  const [old, now] = [weekOf(before.openHours), weekOf(after.openHours)]
  return (
    <section aria-label={words.week}>
      <div className={classes.day}>
        <span />
        <Scale />
      </div>
      {SHOWN.map((day) => {
        const [was, is] = [old.get(day) ?? [], now.get(day) ?? []]
        const isChanged = !isSame(was, is)
        return (
          <div key={day} className={classes.day} data-mark={isChanged ? 'changed' : 'same'}>
            <Text size="sm" fw={600}>
              {DAYS[day]}
            </Text>
            <div>
              {isChanged && (
                <>
                  <Track spans={was} before={old.get(dayBefore(day))} />
                  <Text size="xs" component="del">
                    {spansText(was, words.closed)}
                  </Text>
                </>
              )}
              <Track spans={is} before={now.get(dayBefore(day))} />
              <Text size="xs" component={isChanged ? 'ins' : 'span'}>
                {spansText(is, words.closed)}
              </Text>
            </div>
          </div>
        )
      })}
    </section>
  )
}
