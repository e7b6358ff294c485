import { expect } from 'vitest'
import { EVERY_MODE, findingsOf, struck, type Property } from './property.js'

/** Records of one key keep the order in which one sender sent them, on their way into the state and from a sink to its readers. */
export const keyOrder: Property = {
  name: 'records of one key keep their order',
  modes: EVERY_MODE,
  about: { first: 'count' },
  check(run) {
    expect(findingsOf(run, ['key-order'])).toBe('')
    const anomalies = run.verdict?.points.flatMap(({ findings }) => findings.filter(({ anomaly }) => anomaly === 'reordered-in-key'))
    expect(anomalies).toEqual([])
  },
  couldFail: struck,
  brokenBy: {
    id: 'buffer-overtakes',
    file: 'src/engine/network/input-gate.ts',
    find: '  enqueue(channel.queue, ownBuffer(message), hasPriority)\n',
    replace: '  channel.queue.splice(message.event === null && channel.queue.length > 1 ? -1 : channel.queue.length, 0, message)\n',
  },
  brokenIn: 'aligned',
}
