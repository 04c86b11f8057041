export const texts = {
  howToMove: 'Move it by dragging, or by the arrow keys up and down.',
  moved: (title: string, place: number, count: number) => `${title} is now ${place} of ${count}.`,
  addTo: (list: string) => `Add to ${list.toLowerCase()}`,
  addField: 'Add a field',
  move: (title: string) => `Move ${title}`,
  moveUp: (title: string) => `Move ${title} up`,
  moveDown: (title: string) => `Move ${title} down`,
  remove: (title: string) => `Remove ${title}`,
} as const
