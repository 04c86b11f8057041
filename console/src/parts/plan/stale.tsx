import { Alert } from '@mantine/core'
import { useState } from 'react'
import { CallError } from '../../api/call.ts'
import { texts as shared } from '../../texts.ts'
import { showFailure } from '../notices.tsx'
import { texts } from './texts.ts'

const CONFLICT = 409

/** What becomes of a refusal because the plan that was looked at is another one by now: it is made again, and told. */
export function useStale(makeAgain: () => unknown) {
  const [isStale, setStale] = useState(false)
  const onFault = (error: unknown) => {
    if (!(error instanceof CallError) || error.status !== CONFLICT) return showFailure(error)
    setStale(true)
    makeAgain()
  }
  const told = isStale && (
    <Alert
      color="yellow"
      variant="outline"
      role="alert"
      withCloseButton
      closeButtonLabel={shared.close}
      onClose={() => setStale(false)}
    >
      {texts.stale}
    </Alert>
  )
  return { onFault, told }
}
