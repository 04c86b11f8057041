import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import { type AnchorHTMLAttributes, forwardRef } from 'react'

type Html<P> = P & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof P>

/** A link that looks like a button. */
export const LinkButton = createLink(
  forwardRef<HTMLAnchorElement, Html<ButtonProps>>((props, ref) => <Button component="a" ref={ref} {...props} />),
)

/** A link in a text. */
export const TextLink = createLink(
  forwardRef<HTMLAnchorElement, Html<AnchorProps>>((props, ref) => <Anchor ref={ref} size="sm" {...props} />),
)
