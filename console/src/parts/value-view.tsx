import classes from './diff.module.css'
import { type Doc, isDoc, namedParts, type Schema, titleOf } from './document/editors.ts'
import { labelOf } from './document/labels.ts'
import { DAYS, SHOWN, spansText, weekOf } from './hours.ts'

interface Props {
  value: unknown
  /** Of the value: its fields stand in the order in which they are declared. */
  schema?: Schema | undefined
  /** What the parts are called that are named in it by their ids; by default those that stand in it. */
  parts?: ReadonlyMap<string, string>
}

/** Any value as people read it: fields by what they are called, lists one by one, opening hours as lines. */
export function ValueView({ value, schema = {}, parts = namedParts(value) }: Props) {
  if (Array.isArray(value)) {
    if (value.some((one) => isDoc(one) && 'daysOfTheWeek' in one)) return <HoursOf hours={value} />
    if (!value.some(isDoc)) return <span dir="auto">{value.map((one) => textOf(one, parts)).join(', ')}</span>
    return (
      <ol className={classes.list}>
        {value.map((one, index) => {
          const title = titleOf(one)
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: what is shown is not changed
            <li key={index}>
              {title !== '' && (
                <b dir="auto">
                  <bdi>{title}</bdi>
                </b>
              )}
              <Fields doc={isDoc(one) ? one : { value: one }} schema={schema.items ?? {}} parts={parts} title={title} />
            </li>
          )
        })}
      </ol>
    )
  }
  if (isDoc(value)) return <Fields doc={value} schema={schema} parts={parts} />
  return <span dir="auto">{textOf(value, parts)}</span>
}

interface FieldsProps {
  doc: Doc
  schema: Schema
  parts: ReadonlyMap<string, string>
  /** Stands above them already. */
  title?: string
}

/** What names a thing comes first where nothing declares an order. */
const FIRST = ['name', 'label', 'title', 'type']

function Fields({ doc, schema, parts, title }: FieldsProps) {
  const order = Object.keys(schema.properties ?? {})
  const placeOf = (name: string) => {
    const place = order.length > 0 ? order.indexOf(name) : FIRST.indexOf(name)
    return place < 0 ? order.length + FIRST.length : place
  }
  const shown = Object.entries(doc)
    .filter(([name, value]) => name !== 'id' && !isNothing(value) && (title === undefined || value !== title))
    .sort(([one], [other]) => placeOf(one) - placeOf(other))
  if (shown.length === 0) return null
  return (
    <dl className={classes.fields}>
      {shown.map(([name, value]) => (
        <div key={name}>
          <dt>{labelOf(name)}</dt>
          <dd>
            <ValueView value={value} schema={schema.properties?.[name]} parts={parts} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

const isNothing = (value: unknown) =>
  value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0)

function textOf(value: unknown, parts: ReadonlyMap<string, string>): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return typeof value === 'string' ? (parts.get(value) ?? value) : (JSON.stringify(value) ?? '')
}

function HoursOf({ hours }: { hours: unknown }) {
  const week = weekOf(hours)
  return (
    <ul className={classes.list}>
      {SHOWN.map((day) => {
        const spans = week.get(day) ?? []
        return spans.length === 0 ? null : (
          <li key={day}>
            {DAYS[day]?.slice(0, 3)} {spansText(spans, '')}
          </li>
        )
      })}
    </ul>
  )
}
