import { diffWordsWithSpace } from 'diff'
import { useMemo } from 'react'
import classes from './diff.module.css'

/** Where comparing word by word takes longer than anybody waits: both texts are shown whole instead. */
const LONGEST = 60_000
const PATIENCE_MS = 300

/** Two texts as one, with what went and what came marked word by word; null where they are too far apart. */
export function useWordDiff(before: string, after: string) {
  return useMemo(
    () =>
      before.length + after.length > LONGEST
        ? null
        : (diffWordsWithSpace(before, after, { timeout: PATIENCE_MS }) ?? null),
    [before, after],
  )
}

export function WordDiff({ changes }: { changes: NonNullable<ReturnType<typeof useWordDiff>> }) {
  return (
    <span className={classes.words} dir="auto">
      {changes.map(({ added, removed, value }, index) => {
        // A part has nothing else that tells it from another.
        const key = `${index}`
        if (added) return <ins key={key}>{value}</ins>
        if (removed) return <del key={key}>{value}</del>
        return <span key={key}>{value}</span>
      })}
    </span>
  )
}
