/** All properties, in the order of the guarantees. */
import { atLeastOnce } from './at-least-once.js'
import { atMostOnce } from './at-most-once.js'
import { consistentCut } from './consistent-cut.js'
import { exactlyOnceOutput } from './exactly-once-output.js'
import { exactlyOnceState } from './exactly-once-state.js'
import { keyOrder } from './key-order.js'
import { noLeaks } from './no-leaks.js'
import { progress } from './progress.js'
import type { Property } from './property.js'
import { protocolRules } from './protocol-rules.js'
import { timersOnce } from './timers-once.js'
import { watermarksMonotone } from './watermarks-monotone.js'

export const properties: readonly Property[] = [
  exactlyOnceState,
  exactlyOnceOutput,
  atLeastOnce,
  atMostOnce,
  consistentCut,
  keyOrder,
  timersOnce,
  watermarksMonotone,
  progress,
  noLeaks,
  protocolRules,
]
