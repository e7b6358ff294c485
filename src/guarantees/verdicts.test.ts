import { describe, expect, it } from 'vitest'
import type { HistoryFact, HistoryHeader } from '../history/index.js'
import { strongestConsistent } from './anomalies.js'
import { changed, inserted, status, untilRestart, without } from './hand-made-changes.js'
import { events, goodRun, SIMULATED_JOB, SMALL_JOB } from './hand-made-history.js'
import { judge } from './judge.js'
import type { AnomalyName, Finding } from './oracle.js'

const finding = (anomaly: AnomalyName): Finding => ({ anomaly, rule: '', message: '', records: [], evidence: [] })

describe('order of implication', () => {
  it('leaves the strongest guarantee that nothing refutes', () => {
    expect(strongestConsistent([])).toBe('exactly-once')
    expect(strongestConsistent([finding('stuck'), finding('protocol')])).toBe('exactly-once')
    expect(strongestConsistent([finding('duplicated')])).toBe('at-least-once')
    expect(strongestConsistent([finding('phantom')])).toBe('at-least-once')
    expect(strongestConsistent([finding('lost')])).toBe('at-most-once')
    expect(strongestConsistent([finding('lost'), finding('duplicated')])).toBe('none')
  })
})

describe('progress', () => {
  it('is stuck when nothing happens after the last fault', () => {
    const { verdict, progress } = judge(SIMULATED_JOB, events(untilRestart()))
    expect(progress.findings.map((each) => each.anomaly)).toEqual(['stuck'])
    expect(verdict).toBe('violated')
  })

  it('is open in a recording that ends there', () => {
    expect(judge(SMALL_JOB, events(untilRestart())).progress.verdict).toBe('undecided')
  })

  it('needs a record and a completed checkpoint after the last fault', () => {
    const running = without(goodRun(), status('FINISHED'))
    expect(judge(SIMULATED_JOB, events(running)).progress.verdict).toBe('holds')
    const noCheckpoint = without(running, (fact) => fact.kind === 'checkpoint-completed' && fact.checkpoint > 1)
    expect(judge(SIMULATED_JOB, events(noCheckpoint)).progress.verdict).toBe('violated')
  })

  it('allows FAILED when the restarts are used up, and only then', () => {
    const failed = changed(goodRun(), (fact) =>
      status('FINISHED')(fact) ? { kind: 'job-status', status: 'FAILED', job: 'j1' } : undefined,
    )
    const budget = (attempts: string): HistoryHeader => ({
      ...SIMULATED_JOB,
      configuration: { 'restart-strategy.type': 'fixed-delay', 'restart-strategy.fixed-delay.attempts': attempts },
    })
    expect(judge(budget('1'), events(failed)).progress.verdict).toBe('holds')
    expect(judge(budget('1'), events(failed)).preconditionsBroken.map((each) => each.name)).toEqual(['restart-budget-exceeded'])
    expect(judge(budget('2'), events(failed)).progress.verdict).toBe('violated')
    // Two regions failed at once: one restart, and two of those that were granted.
    const failing: HistoryFact = { kind: 'job-status', status: 'FAILING', restarts: 2 }
    expect(judge(budget('2'), events(inserted(failed, status('FAILED'), failing))).progress.verdict).toBe('holds')
    expect(judge(budget('3'), events(inserted(failed, status('FAILED'), failing))).progress.verdict).toBe('violated')
  })

  describe('of a recorded job that FAILED', () => {
    const task: HistoryFact = { kind: 'task-status', status: 'FAILED', vertex: 'Count', subtask: 0, attempt: 0 }
    const exception: HistoryFact = { kind: 'fault', fault: 'task-exception', point: 'process', target: 'subtask 0' }
    const failing = (...facts: HistoryFact[]) => [...untilRestart(), ...facts, { kind: 'job-status', status: 'FAILED' } as const]
    const verdict = (facts: HistoryFact[], attempts = '10'): string => {
      const configuration = { 'restart-strategy.type': 'fixed-delay', 'restart-strategy.fixed-delay.attempts': attempts }
      return judge({ ...SMALL_JOB, configuration }, events(facts)).progress.verdict
    }

    it('is violated when an exception of a task was the last, and a restart was left', () => {
      expect(verdict(failing(task, exception, task))).toBe('violated')
    })

    it('is open when the cause is not known to be recoverable', () => {
      expect(verdict(failing())).toBe('undecided')
      expect(verdict(failing({ kind: 'savepoint', action: 'stop' }, exception, task))).toBe('undecided')
      expect(verdict(failing(exception, task, { kind: 'process-crashed', process: 'taskmanager', incarnation: 0 }))).toBe('undecided')
      const refused: HistoryFact = { kind: 'job-status', status: 'CREATED', job: 'j2', restoredFrom: 'sp' }
      expect(verdict(failing(exception, task, refused))).toBe('undecided')
    })

    it('is open when its restarts were used up under an earlier JobManager: the next one counts anew', () => {
      const restarting: HistoryFact = { kind: 'job-status', status: 'RESTARTING', job: 'j1' }
      const running: HistoryFact = { kind: 'job-status', status: 'RUNNING', job: 'j1' }
      const over: readonly HistoryFact[] = [{ kind: 'job-status', status: 'SUSPENDED', job: 'j1' }, running]
      const twice = [task, restarting, running, task, restarting, running]
      expect(verdict(failing(...twice, exception, task), '2')).toBe('holds')
      expect(verdict(failing(...twice, ...over, exception, task), '2')).toBe('undecided')
      expect(verdict(failing(...over, ...twice, exception, task), '2')).toBe('holds')
      expect(verdict(failing(...over, exception, task), '5')).toBe('violated')
    })

    it('is open when more failures may have been counted than the job was restarted', () => {
      const both: HistoryFact[] = [task, { ...task, subtask: 1 }, exception, task]
      expect(verdict(failing(...both), '5')).toBe('violated')
      expect(verdict(failing(task, ...both), '3')).toBe('undecided')
      const chosen: HistoryFact = { kind: 'restore-chosen', checkpoint: 1 }
      expect(verdict(failing(chosen, chosen, chosen, exception), '2')).toBe('undecided')
    })
  })
})

describe('evidence', () => {
  it('tells what the good run went through', () => {
    const { evidence } = judge(SMALL_JOB, events(goodRun()))
    expect(evidence).toMatchObject({
      checkpointsCompleted: 3,
      checkpointsAborted: 0,
      recoveries: 1,
      recordsReplayed: 2,
      faults: { 'task-exception': 1 },
      faultAfterCheckpoint: true,
      fullRecovery: true,
    })
  })

  const fault: HistoryFact = { kind: 'fault', fault: 'x', point: 'y', target: 'z' }
  const of = (kind: string, checkpoint: number, vertex: string) => (fact: HistoryFact) =>
    fact.kind === kind &&
    'checkpoint' in fact &&
    fact.checkpoint === checkpoint &&
    (vertex === '' || ('vertex' in fact && fact.vertex === vertex))

  it.each([
    ['trigger-to-last-ack', of('snapshot-taken', 2, 'Count')],
    ['last-ack-to-store', of('checkpoint-completed', 2, '')],
    ['store-to-last-notification', of('checkpoint-notified', 2, 'Sink')],
    ['during-recovery', (fact: HistoryFact) => fact.kind === 'restore' && fact.attempt === 1],
  ] as const)('knows a fault %s', (moment, where) => {
    const { evidence } = judge(SMALL_JOB, events(inserted(goodRun(), where, fault)))
    expect(evidence.strikes[moment]).toBe(1)
    expect(Object.values(evidence.strikes).reduce((sum, each) => sum + each, 0)).toBe(1)
  })
})
