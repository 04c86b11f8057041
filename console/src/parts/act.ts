import { useMutation } from '@tanstack/react-query'
import { call, type Input, type OperationName, type Output } from '../api/call.ts'
import { forget } from '../api/query.ts'
import { showFailure } from './notices.tsx'

interface Options<N extends OperationName> {
  /** Operations whose answers it changes. */
  changes?: readonly OperationName[]
  onDone?: (output: Output<N>, input: Input<N>) => void
  /** What becomes of a refusal. By default it is told, and stays until it is closed. */
  onFault?: (error: unknown) => void
}

/** An operation that does something, to be carried out on a click. */
export function useAct<N extends OperationName>(name: N, { changes = [], onDone, onFault = showFailure }: Options<N>) {
  return useMutation<Output<N>, Error, Input<N>>({
    mutationFn: (input) => call(name, input),
    onSuccess: (output, input) => {
      void forget(...changes)
      onDone?.(output, input)
    },
    onError: onFault,
  })
}
