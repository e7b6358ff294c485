import { describe, expect, it } from 'vitest'
import { result } from '../../test/report/hand-made-results.js'
import { campaignDocument } from './campaign-document.js'
import { campaignText } from './campaign-text.js'
import type { ImportedReport } from './imported-report.js'
import { paint } from './paint.js'
import { summaryMarkdown } from './summary-markdown.js'

const BLOCK = `FAIL  exactly-once at external-store of Sink     scenario two-phase   mode aligned   seed 1-17   run 18 of 200, the first of 3 such runs
  duplicated (output-at-most-once): 1 records of Sink are visible more than once (external-store), 1 times too often in all
  records   part-0:41 (key 7), and 1 more

  because
    event  160   0.412003 s  Sink 1 writes part-0:41 (key 7) into txn-5
    event  166   0.420000 s  FAULT crash at checkpoint.store.added, hits TaskManager-0
    event  171   0.421500 s  part-0:41 (key 7) is visible at external-store of Sink, from txn-5
    event  203   1.020000 s  recovery restores checkpoint 4
    event 1209   1.300250 s  part-0:41 (key 7) is visible at external-store of Sink, from txn-6

  plan      1. TaskManager-0 crashes at 420 ms, and starts again after 5 ms
  minimised 3 faults -> 1
  left      exactly-once at state
            at-least-once at external-store of Sink
  replay    npx millrace replay mr1.two-phase.aligned.1-17`

describe('the report of a campaign', () => {
  it('is a table, what lies beyond the preconditions, the violations, and the verdict with its reasons', () => {
    expect(campaignText(result, { replayArguments: '' }).join('\n'))
      .toBe(`scenario   mode     claim                           verdict         runs  faults landed  witnesses
two-phase  aligned  exactly-once at state           holds            200          1,234  recovered 1,198
                    exactly-once at external-store  violated  190 of 200                 lost-output MISSING
                    at-least-once at log            derived          200

beyond the preconditions, not counted
  two-phase aligned: lost at external-store in 3 runs, seed 1-4 (transaction-timed-out)

${BLOCK}

VIOLATED  1,200 runs, 3,000,000 events, 12.3 s, 97 runs/s, campaign seed 1, driver swarm
  two-phase aligned: never seen: lost-output`)
  })

  it('names beyond the preconditions what a promise forbids, and what is seen where nothing is promised', () => {
    const linesOf = (at: string, guarantee: 'none' | 'exactly-once') => {
      const cells = result.cells.map((cell) => ({ ...cell, anomalies: cell.anomalies.map((seen) => ({ ...seen, at, guarantee })) }))
      return campaignText({ ...result, cells }).filter((line) => line.includes(`lost at ${at} in 3 runs`)).length
    }
    expect(linesOf('external-store', 'exactly-once')).toBe(1)
    // A promise at that place does not forbid it: it may happen within the preconditions as well.
    expect(linesOf('external-store', 'none')).toBe(0)
    expect(linesOf('log', 'none')).toBe(1)
  })

  it('is painted only when asked for, and says the same then', () => {
    const painted = campaignText(result, { paint: paint(true) }).join('\n')
    expect(painted).toContain('\u001b[31mFAIL\u001b[39m')
    expect(painted.replace(/\u001b\[\d+m/g, '')).toBe(campaignText(result).join('\n'))
  })

  it("tells how a scenario of one's own is run again: in code", () => {
    const again = 'replay    replayRun({ scenario, mode: "aligned" }, parseToken("mr1.two-phase.aligned.1-17"))'
    expect(campaignText(result).join('\n')).toContain(again)
    expect(summaryMarkdown(result)).toContain(again)
    expect(campaignDocument(result).violations[0]?.command).toBe(again.replace(/^replay +/, ''))
  })

  it('repeats what a replay needs besides its token', () => {
    expect(campaignText(result, { replayArguments: '--plan job.json' }).join('\n')).toContain(
      'replay mr1.two-phase.aligned.1-17 --plan job.json',
    )
  })

  it('says where the cells of the fault matrix are, where they are not where they usually are', () => {
    const coverage = { total: 10, covered: 4, unreachable: 2, scenarios: [], curve: [] }
    const lineOf = (listArguments: string) => campaignText(result, { coverage, listArguments }).find((line) => line.includes('matrix'))
    expect(lineOf('')).toMatch(/4 of 8 reachable cells of the fault matrix \(50 %\); millrace list cells$/)
    expect(lineOf('--from out/results.json')).toMatch(/; millrace list cells --from out\/results.json$/)
  })

  it('gives the bound of what holds', () => {
    const cells = result.cells.map((cell) => ({ ...cell, verdict: 'holds', anomalies: [] }) as const)
    const held = { ...result, verdict: 'holds', violations: [], cells } as const
    expect(campaignText(held).join('\n')).toContain('with 95 % confidence a claim fails in fewer than 1.5 % of such runs')
  })

  it('of an imported job tells what lies beyond a claim; and where nothing was claimed, that nothing could fail', () => {
    const beyond = 'two-phase aligned: lost at external-store in 3 runs, seed 1-4 (transaction-timed-out)'
    const unclaimed = 'nothing was claimed, so nothing could fail'
    const claimed = campaignText(result, { imported }).join('\n')
    expect([claimed.includes(beyond), claimed.includes(unclaimed)]).toEqual([true, false])
    const cells = result.cells.map((cell) => ({ ...cell, claims: cell.claims.map((claim) => ({ ...claim, promised: false })) }))
    const derived = campaignText({ ...result, verdict: 'holds', violations: [], cells }, { imported }).join('\n')
    expect([derived.includes(beyond), derived.includes(unclaimed)]).toEqual([false, true])
    expect(derived).toContain(
      'what the runs of a possibility have not shown may still happen in up to 1.58 % of them (rule of three, 95 %)',
    )
    const summary = summaryMarkdown({ ...result, verdict: 'holds', violations: [], cells }, { imported })
    expect([summary.includes(beyond), summary.includes(unclaimed)]).toEqual([false, true])
  })

  it('names a violation that came out differently when run again', () => {
    const { counterexample: _, ...bare } = result.violations[0]!
    const text = campaignText({ ...result, violations: [{ ...bare, nondeterministic: true }] }).join('\n')
    expect(text).toContain('NOT DETERMINISTIC')
    expect(text).toContain('two-phase aligned: seed 1-17 is not deterministic')
  })

  it('names defects of millrace with the command that shows them', () => {
    const defect = {
      scenario: 'two-phase',
      mode: 'aligned',
      seed: '1-9',
      token: 'mr1.two-phase.aligned.1-9',
      message: 'RangeError: no',
      runs: 2,
    } as const
    expect(campaignText({ ...result, defects: [defect] }, { replayArguments: '' }).join('\n')).toContain(
      'DEFECT of millrace in 2 runs, first in scenario two-phase, mode aligned, seed 1-9: RangeError: no\n  replay    npx millrace replay mr1.two-phase.aligned.1-9',
    )
    expect(summaryMarkdown({ ...result, defects: [defect] })).toContain(
      '## Defects of millrace\n\n- `mr1.two-phase.aligned.1-9`: RangeError: no',
    )
    const ofJob = { ...defect, ofJob: true, message: "the job's code threw RangeError: no in job.js:3" } as const
    expect(campaignText({ ...result, defects: [ofJob] }).join('\n')).toContain(
      "ERROR of the job in 2 runs, first in scenario two-phase, mode aligned, seed 1-9: the job's code threw RangeError: no in job.js:3\n  replay ",
    )
    const summary = summaryMarkdown({ ...result, defects: [ofJob] })
    expect([summary.includes('## Errors of the job'), summary.includes('## Defects')]).toEqual([true, false])
  })
})

const imported: ImportedReport = {
  plan: 'two-phase',
  problems: ['a problem'],
  notes: ['a note'],
  possibilities: [{ name: 'two-phase', condition: '', conditionOfState: '' }],
  advice: ['an outage may last 5 s'],
  questionable: [{ key: 'k', value: 'v', origin: 'default', reason: 'a reason', remedy: 'a remedy', shows: 'nothing' }],
}

describe('results.json', () => {
  const document = campaignDocument(result)

  it('has the promised fields', () => {
    expect(document).toMatchObject({ schema: 1, verdict: 'violated', seconds: 12.346, runs: 1200, events: 3_000_000 })
    expect(document.scenarios[0]).toMatchObject({
      name: 'two-phase',
      mode: 'aligned',
      claims: [{ guarantee: 'exactly-once', at: 'state', verdict: 'holds', runs: 200 }, {}, {}],
      witnesses: [{ name: 'recovered', count: 1198, firstSeed: '1-0' }, {}, {}],
      evidence: {
        checkpointsCompleted: 1800,
        checkpointsAborted: 90,
        recoveries: 210,
        recordsReplayed: 4321,
        faults: { crash: 1200, rpc: 34 },
      },
    })
    expect(document.violations[0]).toMatchObject({
      scenario: 'two-phase',
      mode: 'aligned',
      guarantee: 'exactly-once',
      anomaly: 'duplicated',
      seed: '1-17',
      replay: 'mr1.two-phase.aligned.1-17',
    })
  })

  it('has the distribution of the strikes', () => {
    expect(document.modes[0]?.evidence.fractions).toMatchObject({ fullRecovery: 0.85, 'last-ack-to-store': 0.005 })
  })

  it('tells the violation in words', () => {
    expect(document.violations[0]).toMatchObject({
      because: [{ event: 160, timeUs: 412_003, kind: 'sink-write', words: 'Sink 1 writes part-0:41 (key 7) into txn-5' }, {}, {}, {}, {}],
      faultsBefore: 3,
    })
  })
})

describe('summary.md', () => {
  it('has the table, the evidence and the violations, and no time', () => {
    const text = summaryMarkdown(result, { replayArguments: '' })
    expect(text).toContain('# millrace: violated\n')
    expect(text).toContain('| two-phase | aligned | exactly-once at state | holds | 200 | 1,234 | recovered 1,198 |\n')
    expect(text).toContain('| aligned | 200 | 1,800 | 210 | 4,321 | 97.5 % | 85 % | 3.5 % | 0.5 % | 2 % | 1 % |\n')
    expect(text).toContain(`\`\`\`\n${BLOCK}\n\`\`\`\n`)
    expect(text).not.toContain('12.3')
    expect(text).toContain('\n## Beyond the preconditions, not counted\n\n- two-phase aligned: lost at external-store in 3 runs, ')
    expect(summaryMarkdown({ ...result, seconds: 99 }, { replayArguments: '' })).toBe(text)
  })

  it('has of an imported job all that its user must know', () => {
    const text = summaryMarkdown(result, { imported })
    expect(text).toContain('\n## To know\n\n- an outage may last 5 s\n')
    expect(text).toContain('\n## Questionable\n\n- k = v (default): a reason; better: a remedy\n')
    expect(text).toContain('\n## Cannot be checked\n\n- a problem\n\n## Notes\n\n- a note\n')
  })
})
