import type { Break } from './break.js'
import { classicBreaks } from './breaks-of-shows.js'

/** All breaks. */
export const breaks: readonly Break[] = [...classicBreaks]
