import { DAY_MINUTES, endOf, placeOf, type Span } from './hours.ts'
import classes from './week.module.css'

/** The hours of a day on a line of 24, and those into which the day before goes on. */
export function Track({ spans, before = [] }: { spans: readonly Span[]; before?: readonly Span[] }) {
  return (
    <div className={classes.track} aria-hidden>
      <Rest before={before} />
      {spans.map((span) => (
        <div key={`${span.from}-${span.to}`} className={classes.open} style={placeOf(span)} />
      ))}
    </div>
  )
}

/** What of the day before goes on past midnight. */
export const Rest = ({ before }: { before: readonly Span[] }) =>
  before
    .filter((span) => endOf(span) > DAY_MINUTES)
    .map(({ to }) => <div key={to} className={classes.rest} style={placeOf({ from: 0, to })} />)

/** What hours the lines below it show. */
export const Scale = () => (
  <div className={classes.scale} aria-hidden>
    {[0, 6, 12, 18, 24].map((hour) => (
      <span key={hour} style={{ left: `${(hour / 24) * 100}%` }}>
        {hour}
      </span>
    ))}
  </div>
)
