import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { isTyping } from '../parts/typing.ts'

/** `g`, then a letter, within this time. */
const SEQUENCE_MS = 1_200
const PLACES: Readonly<Record<string, string>> = { h: '/app', s: '/app/snapshots', p: '/app/pushes', d: '/app/drift' }

/** Keys that work on every screen: see keys-texts.ts. */
export function useShortcuts(show: (what: 'palette' | 'keys') => void): void {
  const navigate = useNavigate()
  useEffect(() => {
    let wasG = 0
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault()
        show('palette')
        return
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      const place = performance.now() - wasG < SEQUENCE_MS && wasG > 0 ? PLACES[event.key] : undefined
      wasG = event.key === 'g' ? performance.now() : 0
      if (event.key === '?') show('keys')
      if (place !== undefined) void navigate({ to: place })
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [navigate, show])
}
