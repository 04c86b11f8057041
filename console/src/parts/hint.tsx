import { Tooltip } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'

/**
 * Says more of something to whoever points at it, until they point elsewhere or press Escape. What says it is made only
 * then: a table has hundreds of them. `pointed` goes to what is pointed at, `hint` beside it.
 */
export function useHint(label: ReactNode) {
  const [target, setTarget] = useState<HTMLElement | null>(null)
  useEffect(() => {
    if (target === null) return
    const leave = ({ key }: KeyboardEvent) => key === 'Escape' && setTarget(null)
    window.addEventListener('keydown', leave)
    return () => window.removeEventListener('keydown', leave)
  }, [target])
  const enter = ({ currentTarget }: { currentTarget: HTMLElement }) => setTarget(currentTarget)
  const leave = () => setTarget(null)
  return {
    pointed: { onMouseEnter: enter, onMouseLeave: leave, onFocus: enter, onBlur: leave },
    hint: target !== null && <Tooltip opened target={target} label={label} />,
  }
}
