import type { Break, TestedBreak } from './break.js'
import { coordinationBreaks } from './breaks-of-coordination.js'
import { dataBreaks } from './breaks-of-data.js'
import { guardBreaks } from './breaks-of-guards.js'
import { classicBreaks } from './breaks-of-shows.js'
import { taskBreaks } from './breaks-of-tasks.js'

/** All breaks that the default campaign must name. */
export const breaks: readonly Break[] = [...classicBreaks, ...taskBreaks, ...coordinationBreaks, ...dataBreaks]

/** All breaks that unit tests must name. */
export const testedBreaks: readonly TestedBreak[] = guardBreaks
