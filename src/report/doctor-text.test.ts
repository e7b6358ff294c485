import { describe, expect, it } from 'vitest'
import type { DeterminismResult, TraceDifference } from '../search/index.js'
import { doctorText } from './doctor-text.js'
import { paint, plain } from './paint.js'
import { differenceLines } from './process-difference.js'

const same: DeterminismResult = {
  ...{ verdict: 'deterministic', runs: 40, steps: 12_345, sides: ['node 20', 'node 22'], traces: 'fedc', interrupted: false },
}

const first: TraceDifference = {
  ...{ scenario: 'two-phase', mode: 'aligned', seed: '1-7', token: 'mr1.two-phase.aligned.1-7', step: 10 },
  sides: [
    {
      name: 'node 20',
      steps: [
        { number: 9, time: 1_000, what: 'A -> B: 1', draws: [], hash: 'aa' },
        { number: 10, time: 2_000, what: 'timer of A', draws: ['choose/0/delay#1 = 3 of 16', 'choose/0/order#0 = 0 of 2'], hash: 'bb' },
      ],
    },
    {
      name: 'node 22',
      steps: [{ number: 9, time: 1_000, what: 'A -> B: 1', draws: [], hash: 'aa' }],
    },
  ],
}

describe('where two processes part', () => {
  it('is told by the last steps of each, with their choices, up to the one that differs; one of them may have ended before', () => {
    expect(differenceLines(first)).toEqual([
      'the processes part at step 10     scenario two-phase   mode aligned   seed 1-7',
      '  process 1 (node 20)',
      '    step 9  0.001000 s  aa  A -> B: 1',
      '    step 10  0.002000 s  bb  timer of A',
      '      choose/0/delay#1 = 3 of 16',
      '      choose/0/order#0 = 0 of 2',
      '  process 2 (node 22)',
      '    step 9  0.001000 s  aa  A -> B: 1',
    ])
  })
})

describe('what the doctor says', () => {
  const VERDICT = '40 seeds on node 20 and node 22, the same at each of 12,345 steps; hash over all traces fedc'

  it('is the verdict, what was compared, and a hash over all of it', () => {
    expect(doctorText(same)).toEqual([`DETERMINISTIC  ${VERDICT}`])
  })

  it('begins with the first difference and the command that replays its run', () => {
    expect(doctorText({ ...same, verdict: 'differs', first })).toEqual([
      ...differenceLines(first),
      '  replay    npx millrace replay mr1.two-phase.aligned.1-7',
      '',
      `DIFFERS  ${VERDICT}`,
    ])
  })

  it('ends with whether it was interrupted', () => {
    expect(doctorText({ ...same, interrupted: true })).toEqual([...doctorText(same), '  ended before all seeds were compared'])
  })

  it('is painted in its verdict when asked for', () => {
    const loud = { ...plain, good: (text: string) => `green ${text}`, bad: (text: string) => `red ${text}` }
    expect(doctorText(same, loud)[0]).toBe(`green DETERMINISTIC  ${VERDICT}`)
    expect(doctorText({ ...same, verdict: 'differs' }, loud)[0]).toBe(`red DIFFERS  ${VERDICT}`)
    expect(doctorText(same, paint(false))).toEqual(doctorText(same))
  })
})
