import type { Break, TestedBreak } from './break.js'
import { connectorBreaks } from './breaks-of-connectors.js'
import { coordinationBreaks } from './breaks-of-coordination.js'
import { fileBreaks } from './breaks-of-files.js'
import { dataBreaks } from './breaks-of-data.js'
import { rescalingBreaks, rescalingGuards } from './breaks-of-rescaling.js'
import { classicBreaks } from './breaks-of-shows.js'
import { stateBreaks, stateGuards } from './breaks-of-state.js'
import { taskBreaks } from './breaks-of-tasks.js'
import { connectorGuards } from './guards-of-connectors.js'
import { coordinationGuards } from './guards-of-coordination.js'
import { dataGuards } from './guards-of-data.js'
import { recoveryGuards } from './guards-of-recovery.js'
import { systemGuards } from './guards-of-systems.js'
import { taskGuards } from './guards-of-tasks.js'

/** All breaks that the default campaign must name. */
export const breaks: readonly Break[] = [
  ...classicBreaks,
  ...taskBreaks,
  ...coordinationBreaks,
  ...dataBreaks,
  ...stateBreaks,
  ...connectorBreaks,
  ...fileBreaks,
  ...rescalingBreaks,
]

/**
 * All breaks that unit tests must name: no run of the default campaign needs to differ, because another guard covers, a newer checkpoint
 * heals what they let happen, they only save work or space, or what they are for is no fault of the campaign.
 */
export const testedBreaks: readonly TestedBreak[] = [
  ...taskGuards,
  ...coordinationGuards,
  ...recoveryGuards,
  ...dataGuards,
  ...stateGuards,
  ...connectorGuards,
  ...systemGuards,
  ...rescalingGuards,
]
