// What tests ask inside a page of the browser. Each function travels there as its text: it can use nothing from outside
// itself.

/** Texts whose contrast with what is behind them is below what WCAG 2.2 asks of their size (1.4.3), with the ratio. */
export function faintTexts() {
  const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', {
    willReadFrequently: true,
  })
  const paint = (colours) => {
    canvas.clearRect(0, 0, 1, 1)
    for (const colour of colours) {
      canvas.fillStyle = colour
      canvas.fillRect(0, 0, 1, 1)
    }
    return canvas.getImageData(0, 0, 1, 1).data
  }
  const luminance = (rgb) => {
    const [r, g, b] = [rgb[0], rgb[1], rgb[2]]
      .map((value) => value / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const grounds = (element) =>
    element === null ? [] : [...grounds(element.parentElement), getComputedStyle(element).backgroundColor]
  const faint = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement
    if (node.textContent.trim() === '' || !element.checkVisibility()) continue
    const { color, fontSize } = getComputedStyle(element)
    const [lighter, darker] = [paint(grounds(element)), paint([...grounds(element), color])]
      .map(luminance)
      .toSorted((a, b) => b - a)
    const ratio = (lighter + 0.05) / (darker + 0.05)
    if (ratio < (Number.parseFloat(fontSize) >= 24 ? 3 : 4.5))
      faint.push(`${ratio.toFixed(2)} ${node.textContent.trim()}`)
  }
  return faint
}

/** What has the focus, and whether that can be seen. */
export function focused() {
  const element = document.activeElement
  const label = element.labels?.[0] ?? element
  return { name: label.textContent.trim(), ring: getComputedStyle(element).outlineStyle === 'solid' }
}

/** Controls that are smaller than a thumb (44 px), and the width that the page needs. */
export function layout() {
  const controls = document.querySelectorAll(
    'input:is([type=email], [type=password], [type=search]), .choice, .buttons button',
  )
  const small = [...controls].filter(
    (element) => element.checkVisibility() && (element.offsetHeight < 44 || element.offsetWidth < 44),
  )
  return { width: document.documentElement.scrollWidth, small: small.map((element) => element.outerHTML) }
}

/** Light or dark, as the console has it now. */
export function schemeNow() {
  return document.documentElement.getAttribute('data-mantine-color-scheme') ?? 'light'
}

/** Whether axe-core has been brought into this page. */
export function knowsAxe() {
  return 'axe' in window
}

/** What axe-core calls serious or critical, by these rules alone or by all, and where. */
export async function graveFaults(runOnly) {
  const { violations } = await window.axe.run(document, { runOnly, resultTypes: ['violations'], iframes: false })
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => ({ id, where: nodes.map(({ target, failureSummary }) => [target, failureSummary]) }))
}

/** Back when the colours have stopped changing. */
export async function setScheme(scheme) {
  document.documentElement.setAttribute('data-mantine-color-scheme', scheme)
  const fading = document.getAnimations().filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime))
  await Promise.allSettled(fading.map(({ finished }) => finished))
}

/** When what React does after a frame is done, too. */
export function nextFrame() {
  return new Promise((done) => requestAnimationFrame(() => setTimeout(done, 16)))
}

/** The width that the page needs. */
export function neededWidth() {
  return document.documentElement.scrollWidth
}

/** Follows a link of the menu: milliseconds until its screen has a heading and nothing in it waits any more. */
export function openScreen(link) {
  return new Promise((done) => {
    const began = performance.now()
    const here = location.pathname
    link.click()
    const look = () =>
      location.pathname !== here &&
      document.querySelector('main h1') &&
      !document.querySelector('main [aria-busy="true"]')
        ? done(performance.now() - began)
        : requestAnimationFrame(look)
    requestAnimationFrame(look)
  })
}

/** From now on each frame's milliseconds are written down. */
export function watchFrames() {
  const seen = []
  let last = performance.now()
  const tick = (now) => {
    seen.push(now - last)
    last = now
    requestAnimationFrame(tick)
  }
  requestAnimationFrame(tick)
  window.framesSeen = seen
}

export function framesSeen() {
  return window.framesSeen.slice(1)
}

/** Whether an element has the focus. */
export function hasFocus(element) {
  return element === document.activeElement
}

/** What has the focus is in the window, and looks otherwise than without it: itself, or what stands
 * for it beside or around it. */
export function isFocusSeen() {
  const element = document.activeElement
  const around = [element.parentElement, element.parentElement?.parentElement].filter(Boolean)
  const shown = [element, ...around, ...(element.parentElement?.children ?? []), ...(element.labels ?? [])]
  const looks = () => {
    // What changes its looks slowly has changed them.
    getComputedStyle(element).borderColor
    for (const one of document.getAnimations())
      if (Number.isFinite(one.effect?.getComputedTiming().endTime)) one.finish()
    return shown.map((one) => {
      const { outline, boxShadow, borderColor } = getComputedStyle(one)
      return `${outline} ${boxShadow} ${borderColor}`
    })
  }
  const focused = looks()
  element.blur()
  const blurred = looks()
  element.focus()
  return focused.some((look, index) => look !== blurred[index])
}

/** From the next page on: how much of what is shown moves by itself, as browsers count it. */
export function watchShifts() {
  window.shifted = 0
  window.shiftedBy = []
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
      if (hadRecentInput) continue
      window.shifted += value
      window.shiftedBy.push(...sources.map(({ node }) => node?.outerHTML?.slice(0, 160) ?? String(node?.textContent)))
    }
  }).observe({ type: 'layout-shift', buffered: true })
}

export function shiftsSeen() {
  return { sum: window.shifted, by: window.shiftedBy }
}
