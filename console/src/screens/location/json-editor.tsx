import { Textarea } from '@mantine/core'
import { useEffect, useState } from 'react'
import classes from '../../parts/document/document.module.css'
import { type Doc, isDoc, isSame } from '../../parts/document/editors.ts'
import { texts } from './texts.ts'

interface Props {
  document: Doc
  onChange: (document: Doc) => void
  /** Whether what is written can be read. */
  isWrong: boolean
  onWrong: (isWrong: boolean) => void
  readOnly: boolean
}

/** The whole document as text. It is taken over whenever it can be read; what would be refused is told beside Save. */
export function JsonEditor({ document, onChange, isWrong, onWrong, readOnly }: Props) {
  const [text, setText] = useState(() => JSON.stringify(document, null, 2))
  // Whoever goes to another view goes with what could be read last.
  useEffect(() => () => onWrong(false), [onWrong])
  // What a save has added stands in the text, too; what cannot be read yet is left to whoever writes it.
  useEffect(() => {
    setText((old) => {
      const value = parsed(old)
      return value === null || isSame(value, document) ? old : JSON.stringify(document, null, 2)
    })
  }, [document])
  const write = (next: string) => {
    setText(next)
    const value = parsed(next)
    onWrong(value === null)
    if (value !== null) onChange(value)
  }
  return (
    <Textarea
      label={texts.json.label}
      description={texts.json.hint}
      className={classes.json}
      value={text}
      onChange={(event) => write(event.currentTarget.value)}
      readOnly={readOnly}
      autosize
      minRows={12}
      maxRows={32}
      spellCheck={false}
      error={isWrong && texts.json.invalid}
    />
  )
}

function parsed(text: string): Doc | null {
  try {
    const value: unknown = JSON.parse(text)
    return isDoc(value) ? value : null
  } catch {
    return null
  }
}
