import classes from './diff.module.css'

/** Any value as text: texts as they are, all else as indented JSON. */
export const valueText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '')

/** What a text says as JSON; one that is none is itself. */
export function valueIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** A document as people read it. References stand in it by their names. */
export function JsonView({ value, label }: { value: unknown; label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by key
    <section className={classes.json} aria-label={label} tabIndex={0} dir="auto">
      {valueText(value)}
    </section>
  )
}
