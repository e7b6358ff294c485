/** Guards of the network, of keyed state and of operators that unit tests must name. */
import type { TestedBreak } from './break.js'

export const dataGuards: readonly TestedBreak[] = [
  {
    id: 'sends-without-credit',
    about: 'buffers are sent without room at the receiver',
    file: 'src/engine/network/result-partition.ts',
    find: 'if (head.event === null && subpartition.credit === 0) return',
    replace: '',
    tests: 'src/engine/network/result-partition.test.ts',
  },
  {
    id: 'end-of-input-forgotten',
    about: 'a writer does not remember that it has sent its last committables',
    file: 'src/engine/operators/sink-writer-operator.ts',
    find: 'endOfInput: ends.length > 0 && ends.every((end) => end === true)',
    replace: 'endOfInput: false',
    tests: 'src/engine/operators/sink-writer-operator.test.ts',
  },
]
