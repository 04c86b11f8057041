import { type ReactNode, useEffect, useRef } from 'react'
import classes from './document.module.css'
import { useForm } from './form.ts'

/** A field: brought into sight, marked and ready to be changed where somebody was led to what it names. */
export function Aimed({ value, children }: { value: unknown; children: ReactNode }) {
  const { aim } = useForm()
  const frame = useRef<HTMLDivElement>(null)
  const isMeant = aim !== undefined && [value].flat().some((one) => typeof one === 'string' && one.includes(aim.value))
  useEffect(() => {
    if (!isMeant || aim.isTaken) return
    // The router puts a page that is new at its top first, and a form may begin anew with what has come.
    const waiting = requestAnimationFrame(() => {
      if (aim.isTaken) return
      aim.isTaken = true
      frame.current?.scrollIntoView({ block: 'center' })
      frame.current?.querySelector<HTMLElement>('input:not([type="hidden"]), textarea')?.focus({ preventScroll: true })
    })
    return () => cancelAnimationFrame(waiting)
  }, [isMeant, aim])
  return (
    <div ref={frame} className={isMeant ? classes.aimed : undefined}>
      {children}
    </div>
  )
}
