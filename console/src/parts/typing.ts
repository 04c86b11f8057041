/** Whoever types into a field means the field, not a shortcut. Into what is ticked nobody types. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input:not([type=radio],[type=checkbox]),textarea,select'))
