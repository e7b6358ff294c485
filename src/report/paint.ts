import { createColors } from 'picocolors'

/** Colours of text, or none. */
export interface Paint {
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
  readonly unsure: (text: string) => string
  readonly dim: (text: string) => string
  readonly bold: (text: string) => string
}

/** Colours as a terminal shows them. */
export function paint(enabled: boolean): Paint {
  const { green, red, yellow, dim, bold } = createColors(enabled)
  return { good: green, bad: red, unsure: yellow, dim, bold }
}

/** No colours: files, pipes and tests. */
export const plain: Paint = paint(false)
