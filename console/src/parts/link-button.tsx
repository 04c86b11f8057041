import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core'
import { createLink, useRouter } from '@tanstack/react-router'
import { type AnchorHTMLAttributes, forwardRef, type MouseEvent } from 'react'
import { SEARCH } from './address.ts'

type Html<P> = P & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof P>

/** A link that looks like a button. */
export const LinkButton = createLink(
  forwardRef<HTMLAnchorElement, Html<ButtonProps>>((props, ref) => <Button component="a" ref={ref} {...props} />),
)

/** A link in a text. */
export const TextLink = createLink(
  forwardRef<HTMLAnchorElement, Html<AnchorProps>>((props, ref) => <Anchor ref={ref} size="sm" {...props} />),
)

type RowLinkProps = Html<AnchorProps> & {
  /** Filled in. */
  to: string
  search?: Record<string, unknown>
}

/** The same in a row of a table, where hundreds of them scroll by: the router hears of it once it is followed. */
export function RowLink({ to, search, ...props }: RowLinkProps) {
  const { history } = useRouter()
  const href = search === undefined ? to : to + SEARCH.stringifySearch(search)
  const follow = (event: MouseEvent) => {
    const { button, metaKey, ctrlKey, shiftKey, altKey } = event
    if (button !== 0 || metaKey || ctrlKey || shiftKey || altKey) return
    event.preventDefault()
    history.push(href)
  }
  return <Anchor size="sm" {...props} href={href} onClick={follow} />
}
