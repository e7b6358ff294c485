/** Guards of sources and sinks, and of the systems outside, that unit tests must name. */
import type { TestedBreak } from './break.js'

const EXTERNAL_STORE = 'src/systems/external-store/external-store.ts'
const EXTERNAL_STORE_TEST = 'src/systems/external-store/external-store.test.ts'

export const connectorGuards: readonly TestedBreak[] = [
  {
    id: 'open-transactions-survive',
    about: 'what earlier attempts left open is aborted up to the restored checkpoint only (G05)',
    file: EXTERNAL_STORE,
    find: "if (transaction.expected > restored) end(transaction, where, 'lingering', context)",
    replace: '',
    tests: EXTERNAL_STORE_TEST,
  },
  {
    id: 'prepared-transactions-aborted',
    about: 'a restored writer aborts everything, also what its checkpoint holds (G04)',
    file: EXTERNAL_STORE,
    find: 'if (transaction.expected > restored) end',
    replace: 'if (transaction.expected > 0 * restored) end',
    tests: EXTERNAL_STORE_TEST,
  },
]
