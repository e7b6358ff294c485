import { describe, expect, it } from 'vitest'
import { counterexample, quietReplay as quiet } from '../../test/report/hand-made-results.js'
import type { ClaimVerdict } from '../guarantees/index.js'
import type { HistoryEvent } from '../history/index.js'
import type { Choice, Counterexample, Replay } from '../search/index.js'
import { plain, type Paint } from './paint.js'
import { choiceLines, replayText } from './replay-text.js'

const COMMAND = 'npx millrace replay mr1.x'

const VERDICT = 'HOLDS  job FINISHED after 2,500 steps and 1.203004 s; trace hash aaaa, the same when run again'

function textOf(more: Partial<Replay>, paint?: Paint): string[] {
  return replayText({ ...quiet, ...more }, COMMAND, paint)
}

/** What is printed besides that of the quiet run, in front of the verdict. */
function saidOf(more: Partial<Replay>): string[] {
  return textOf(more).slice(textOf({}).length - 1, -1)
}

const example = (standing: Counterexample['standing'], anomaly: Counterexample['anomaly'], message = ''): Counterexample => ({
  ...counterexample,
  ...{ standing, anomaly, message, at: 'log', guarantee: 'exactly-once' },
})

const choice = (value: number): Choice => ({ stream: 'choose/2/delay', ordinal: 4, of: 16, value })
const difference = { index: 12, label: 'delay of JobManager', expected: choice(3), found: choice(5) }

describe('the text of a replayed run', () => {
  it('is of a quiet run its name, its faults, what is left, and the verdict', () => {
    expect(textOf({})).toEqual([
      'scenario two-phase   mode aligned   seed 1-17',
      '  plan      1. TaskManager-0 crashes',
      '            2. a call is lost',
      '  left      exactly-once at state',
      '',
      VERDICT,
    ])
  })

  it('has no cause to tell of a run in which nothing struck and nothing is wrong', () => {
    expect(textOf({ plan: [] })).toContain('  plan      no fault')
  })

  it('says who is late in a quiet run', () => {
    expect(textOf({ priorities: 'the JobManager is late' })).toContain('  priorities the JobManager is late')
  })

  it('tells of a violation the whole block, with the command, in place of what it says of a quiet run', () => {
    const text = textOf({ counterexamples: [counterexample] })
    expect(text[0]).toMatch(/^FAIL {2}exactly-once at external-store of Sink/)
    expect(text.slice(-3)).toEqual([`  replay    ${COMMAND}`, '', VERDICT])
    expect(text.filter((line) => line.startsWith('scenario'))).toEqual([])
  })

  it('tells three of the worst in full, and one line of each other, with what it means', () => {
    const text = textOf({
      counterexamples: [
        example('violation', 'lost'),
        example('violation', 'phantom'),
        example('beyond', 'duplicated'),
        example('beyond', 'lost', '4 records'),
        example('violation', 'duplicated', '2 records'),
        example('allowed', 'duplicated', '1 record'),
      ],
    })
    expect(text.filter((line) => /^(FAIL|BEYOND|SEEN) /.test(line))).toHaveLength(3)
    expect(text.slice(-5)).toEqual([
      '',
      'also  lost at log of Sink, beyond the preconditions: 4 records',
      'also  duplicated at log of Sink, violated: 2 records',
      'also  duplicated at log of Sink, not promised: 1 record',
      VERDICT,
    ])
  })

  it('tells only one in full of what nothing promised to prevent', () => {
    const text = textOf({ counterexamples: [example('allowed', 'lost'), example('allowed', 'duplicated', '1 record')] })
    expect(text.filter((line) => line.startsWith('SEEN '))).toHaveLength(1)
    expect(text.filter((line) => line.startsWith('also '))).toEqual(['also  duplicated at log of Sink, not promised: 1 record'])
  })

  it('names the promises that are undecided, and why', () => {
    const claim: ClaimVerdict = {
      ...{ guarantee: 'exactly-once', at: 'log', verdict: 'undecided', promised: true, missing: 'no end' },
      ...{ beyond: [], anomalies: {}, findings: [] },
    }
    const { missing: _, ...unexplained } = claim
    const claims: ClaimVerdict[] = [
      claim,
      { ...claim, promised: false },
      { ...claim, verdict: 'holds' },
      { ...claim, verdict: 'violated' },
      { ...unexplained, at: 'state' },
    ]
    const verdict = { ...quiet.verdict, claims }
    expect(saidOf({ verdict })).toEqual(['undecided  exactly-once at log: no end', 'undecided  exactly-once at state'])
  })

  it.each([
    ['holds', 'green HOLDS'],
    ['violated', 'red VIOLATED'],
    ['incomplete', 'yellow INCOMPLETE'],
  ] as const)('paints the verdict: %s', (verdict, painted) => {
    const colour = (name: string) => (text: string) => `${name} ${text}`
    const loud: Paint = { ...plain, good: colour('green'), bad: colour('red'), unsure: colour('yellow') }
    expect(textOf({ verdict: { ...quiet.verdict, verdict } }, loud).at(-1)).toBe(VERDICT.replace('HOLDS', painted))
  })

  it('paints the blocks as well', () => {
    const loud: Paint = { ...plain, bad: (text) => `red ${text}` }
    expect(textOf({ counterexamples: [counterexample] }, loud)[0]).toMatch(/^red FAIL /)
  })

  it('counts one step as one', () => {
    expect(textOf({ steps: 1 }).at(-1)).toContain(' after 1 step and ')
  })

  it('says that a run which ended otherwise the second time is not deterministic', () => {
    expect(textOf({ traceHashAgain: 'bbbb' }).at(-1)).toMatch(/; trace hash aaaa, NOT DETERMINISTIC: bbbb when run again$/)
    const loud: Paint = { ...plain, bad: (text) => `red ${text}` }
    expect(textOf({ traceHashAgain: 'bbbb' }, loud).at(-1)).toContain('red NOT DETERMINISTIC')
  })
})

describe('where two runs part', () => {
  const one: HistoryEvent = { kind: 'source-emit', vertex: 'Src', subtask: 0, attempt: 0, id: 7, split: '0', offset: 7, seq: 3, t: 2_000 }
  const words = (text: string) => text.replace(/Src 1 .*/, '…')

  it('is told by the first choice and the first event that differ, one side after the other', () => {
    const other: HistoryEvent = { kind: 'job-status', status: 'FAILED', seq: 4, t: 3_000 }
    expect(saidOf({ parting: { choice: difference, one, other } }).map(words)).toEqual([
      'the two runs part',
      '  first choice that differs: number 12, delay of JobManager',
      '    one    choose/2/delay#4 = 3 of 16',
      '    other  choose/2/delay#4 = 5 of 16',
      '  one    event 3 at 0.002000 s: …',
      '  other  event 4 at 0.003000 s: the job is FAILED',
    ])
  })

  it('says so when no event of either tells it', () => {
    expect(saidOf({ parting: {} })).toEqual([
      'the two runs part',
      '  their histories are the same: they differ in steps of which nothing is told there',
    ])
    expect(saidOf({ parting: { one } }).at(-1)).toBe('  other  nothing more')
  })

  it('names records by their identity', () => {
    expect(saidOf({ parting: { one } })[1]).toMatch(/ record 7\b/)
  })

  it('may be the end of one of them', () => {
    expect(saidOf({ parting: { one } }).map(words)).toEqual([
      'the two runs part',
      '  one    event 3 at 0.002000 s: …',
      '  other  nothing more',
    ])
  })
})

describe('a run that is not the recorded one', () => {
  const changed = 'not the recorded run: its trace hash was cccc, now it is aaaa'

  it('is told by the first choice that differs', () => {
    expect(saidOf({ drift: { recordedTraceHash: 'cccc', choice: difference } })).toEqual([
      changed,
      '  first choice that differs: number 12, delay of JobManager',
      '    expected  choose/2/delay#4 = 3 of 16',
      '    found     choose/2/delay#4 = 5 of 16',
    ])
  })

  it('has changed in what its steps do when all choices are the same', () => {
    expect(saidOf({ drift: { recordedTraceHash: 'cccc' } })).toEqual([changed, '  all choices are the same: what the steps do has changed'])
  })

  it('is told behind the place where its two runs part', () => {
    const said = saidOf({ parting: { choice: difference }, drift: { recordedTraceHash: 'cccc' } })
    expect(said[0]).toBe('the two runs part')
    expect(said.at(-2)).toBe(changed)
  })
})

describe('a choice that differs', () => {
  it('is missing on the side of a run that makes fewer of them', () => {
    const { found: _, ...fewer } = difference
    expect(choiceLines(fewer, 'expected', 'found').slice(1)).toEqual([
      '    expected  choose/2/delay#4 = 3 of 16',
      '    found     no such choice',
    ])
  })

  it('takes no line where there is none', () => {
    expect(choiceLines(undefined, 'one', 'other')).toEqual([])
  })
})
