import { type UseMutationOptions, useMutation } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { call, type Input, type OperationName, type Output } from '../api/call.ts'
import { forget } from '../api/query.ts'
import { showFailure, showMeanwhile } from './notices.tsx'

interface Options<N extends OperationName> {
  /** Operations whose answers it changes. */
  changes?: readonly OperationName[]
  onDone?: (output: Output<N>, input: Input<N>) => void
  /** Where it leads whoever has waited for it; whoever has left by then is told, and stays where they are. */
  leadsTo?: (output: Output<N>) => string | undefined
  /** Shows what of the answer is shown this once to whoever has left by then. */
  onGone?: (output: Output<N>) => void
  /** What becomes of a refusal. By default it is told, and stays until it is closed. */
  onFault?: (error: unknown) => void
}

/** The two clicks of a double click are no further apart. */
const DOUBLE_MS = 500

/** What was done last on this page. */
let latest: object | null = null

/**
 * Something that is done on a click, and once on a double click: the same again is not done until that is over, unless
 * something else was done in between.
 */
export function useDeed<O, I>(options: UseMutationOptions<O, Error, I>) {
  const last = useRef({ input: '', untilMs: 0 })
  const { mutate, ...deed } = useMutation({
    ...options,
    onSettled: (_, error) => {
      last.current.untilMs = error === null ? performance.now() + DOUBLE_MS : 0
    },
  })
  return {
    ...deed,
    mutate: (given: I) => {
      const input = JSON.stringify(given)
      const isSame = latest === last && input === last.current.input
      if (isSame && performance.now() < last.current.untilMs) return
      latest = last
      last.current = { input, untilMs: Number.POSITIVE_INFINITY }
      mutate(given)
    },
  }
}

/** An operation that does something, to be carried out on a click. */
export function useAct<N extends OperationName>(
  name: N,
  { changes = [], onDone, leadsTo, onGone, onFault = showFailure }: Options<N>,
) {
  const { history } = useRouter()
  const isThere = useIsThere()
  return useDeed<Output<N>, Input<N>>({
    mutationFn: (input) => call(name, input),
    onSuccess: (output, input) => {
      void forget(...changes)
      onDone?.(output, input)
      if (!isThere.current) onGone?.(output)
      const to = leadsTo?.(output)
      if (to === undefined) return
      const go = () => history.push(to)
      if (isThere.current) go()
      else showMeanwhile(go)
    },
    // Where nobody looks any more a form could not tell it.
    onError: (error) => (isThere.current ? onFault : showFailure)(error),
  })
}

/** Whether what asks is still on the page. */
export function useIsThere() {
  const isThere = useRef(true)
  useEffect(() => {
    isThere.current = true
    return () => {
      isThere.current = false
    }
  }, [])
  return isThere
}
