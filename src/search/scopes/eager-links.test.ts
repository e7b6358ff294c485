import { MAIL_LANE, CREDIT_LANE } from '../../engine/index.js'
import { expect, it } from 'vitest'
import { eagerLinks, type ReductionName } from './reductions.js'

const [SYSTEM, OBSERVER, CLUSTER, TASK, OTHER] = [1, 2, 3, 4, 5]
const places = { systems: new Set([SYSTEM]), observers: new Set([OBSERVER]), cluster: new Set([CLUSTER]) }
const links = {
  request: { from: TASK, to: SYSTEM, lane: 0 },
  answer: { from: SYSTEM, to: TASK, lane: 0 },
  mail: { from: TASK, to: OTHER, lane: MAIL_LANE },
  credit: { from: TASK, to: OTHER, lane: CREDIT_LANE },
  rpc: { from: CLUSTER, to: TASK, lane: 0 },
  back: { from: TASK, to: CLUSTER, lane: 0 },
  data: { from: TASK, to: OTHER, lane: 0 },
  look: { from: OBSERVER, to: TASK, lane: 0 },
  seen: { from: TASK, to: OBSERVER, lane: 0 },
}
const eager = (...names: ReductionName[]): string[] =>
  Object.entries(links)
    .filter(([, link]) => eagerLinks(names, places)(link))
    .map(([name]) => name)

it.each<[ReductionName[], string[]]>([
  [[], []],
  [['answers'], ['answer']],
  [['systems'], ['request', 'answer']],
  [['mails'], ['mail']],
  [['credits'], ['credit']],
  [['rpcs'], ['rpc', 'back']],
])('%j leaves out the waiting of %j, and observers never wait', (names, left) => {
  expect(eager(...names)).toEqual([...left, 'look', 'seen'])
})
