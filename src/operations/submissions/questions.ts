import type { AssetDocument } from '../../store/assets/index.ts'
import { foldedText } from '../../store/natural-key.ts'

/** One field of a form or survey, as stored. */
export interface Question {
  id: string
  type: string
  label?: string
  customFieldId?: string
  required?: boolean
  queryKey?: string
}

interface Rule {
  fieldId: string
  operator: string
  value?: string
  action: string
  targetFieldId?: string
  slideId?: string | null
  url?: string
  message?: string
}

interface Slide {
  id: string
  fields?: Question[]
  jumps?: Rule[]
}

export type Answers = ReadonlyMap<Question, unknown>

/** What a form asked of somebody who gave these answers, and where it led them. */
export interface Course {
  required: Question[]
  /** The survey was over for them: a jump led out of it. */
  disqualified?: boolean
  message?: string | undefined
  redirectUrl?: string | undefined
}

const SHOWN_ONLY = ['html', 'image', 'captcha', 'payment', 'button']

export const takesAnswer = ({ type }: Question) => !SHOWN_ONLY.includes(type)

export function questionsOf(document: AssetDocument): Question[] {
  const slides = (document.slides ?? []) as Slide[]
  return [...((document.fields ?? []) as Question[]), ...slides.flatMap(({ fields = [] }) => fields)]
}

/** A form is all there, but for what its conditions hide; a survey is walked through, slide by slide. */
export function courseOf(document: AssetDocument, answers: Answers): Course {
  const byId = new Map([...answers].map(([{ id }, value]) => [id, value]))
  const holds = (rule: Rule) => isMet(rule, byId.get(rule.fieldId))
  return document.slides === undefined
    ? formCourse(document, holds)
    : surveyCourse((document.slides ?? []) as Slide[], holds)
}

function formCourse(document: AssetDocument, holds: (rule: Rule) => boolean): Course {
  const conditions = (document.conditions ?? []) as Rule[]
  const required = ((document.fields ?? []) as Question[]).filter((field) => {
    const about = (action: string) =>
      conditions.filter((rule) => rule.targetFieldId === field.id && rule.action === action)
    const shows = about('show')
    const isShown = (shows.length === 0 || shows.some(holds)) && !about('hide').some(holds)
    return isShown && (field.required === true || about('require').some(holds))
  })
  return { required: required.filter(takesAnswer) }
}

function surveyCourse(slides: readonly Slide[], holds: (rule: Rule) => boolean): Course {
  const required: Question[] = []
  const seen = new Set<Slide>()
  let slide = slides[0]
  while (slide !== undefined && !seen.has(slide)) {
    seen.add(slide)
    required.push(...(slide.fields ?? []).filter((field) => field.required === true && takesAnswer(field)))
    const jump = slide.jumps?.find(holds)
    if (jump?.action === 'disqualify') return { required, disqualified: true, message: jump.message }
    if (jump?.action === 'redirect') return { required, redirectUrl: jump.url }
    const next = jump?.slideId
    // A jump to nowhere ends the survey.
    if (jump !== undefined && next == null) break
    slide = next == null ? slides[slides.indexOf(slide) + 1] : slides.find(({ id }) => id === next)
  }
  return { required }
}

export const isBlank = (value: unknown) =>
  value === undefined || value === null || (Array.isArray(value) ? value.length === 0 : String(value).trim() === '')

function isMet({ operator, value = '' }: Rule, answer: unknown): boolean {
  const texts = (isBlank(answer) ? [] : [answer].flat()).map((one) => foldedText(String(one)))
  const wanted = foldedText(value)
  switch (operator) {
    case 'is':
      return texts.includes(wanted)
    case 'is_not':
      return !texts.includes(wanted)
    case 'contains':
      return texts.some((text) => text.includes(wanted))
    case 'is_empty':
      return texts.length === 0
    case 'is_not_empty':
      return texts.length > 0
    case 'greater_than':
      return texts.some((text) => Number(text) > Number(wanted))
    default:
      return texts.some((text) => Number(text) < Number(wanted))
  }
}
