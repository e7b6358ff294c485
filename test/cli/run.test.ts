import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { crash, lose } from '../../src/faults/index.js'
import { formatToken, parseToken } from '../../src/search/index.js'
import { documentOf, FIXTURES, folder, inThisProcess, millrace } from './millrace.js'

const { path: here, removed } = folder()
afterAll(removed)
const out = (name: string): readonly string[] => ['--output', join(here, name), '--failures', join(here, `${name}-failures`)]

describe('millrace run', () => {
  it('prints one document, whose bytes do not depend on the number of workers but for the seconds', async () => {
    const words = ['run', '--scenario', 'word-count', '--scenario', 'file-to-file', '--mode', 'aligned', '--runs', '12', '--json']
    const [one, two] = await Promise.all([
      millrace([...words, '--workers', '1', ...out('one')]),
      millrace([...words, '--workers', '3', ...out('two')]),
    ])
    const timeless = (text: string): string => text.replace(/"seconds": [\d.]+/, '')
    expect(one.code).toBe(0)
    expect(timeless(two.stdout)).toBe(timeless(one.stdout))
    expect(readFileSync(join(here, 'one/results.json'), 'utf8')).toBe(one.stdout)
    expect(readFileSync(join(here, 'one/summary.md'), 'utf8')).toBe(readFileSync(join(here, 'two/summary.md'), 'utf8'))

    const document = documentOf(one)
    expect(document).toMatchObject({ schema: 1, verdict: 'holds', runs: 24, seed: '1', interrupted: false, violations: [], defects: [] })
    const [cell] = document.scenarios
    expect(cell).toMatchObject({ name: 'word-count', mode: 'aligned', runs: 12 })
    expect(cell.claims[0]).toMatchObject({ guarantee: 'exactly-once', at: 'state', verdict: 'holds', runs: 12, upperBound: 0.25 })
    expect(cell.witnesses[0]).toEqual({
      name: 'recovered',
      required: true,
      count: expect.any(Number),
      firstSeed: '1-0',
      token: expect.stringMatching(/\.1-0$/),
    })
    expect(Object.keys(cell.evidence)).toEqual(
      expect.arrayContaining([
        'checkpointsCompleted',
        'checkpointsAborted',
        'recoveries',
        'recordsReplayed',
        'checkpointsRestored',
        'checkpointsRescaled',
        'restoresRefused',
        'faults',
        'strikes',
        'fractions',
      ]),
    )
  })

  it('prints a table without colours into a pipe, and says where the results are', async () => {
    const { code, stdout, stderr } = await millrace([
      'run',
      '--scenario',
      'word-count',
      '--mode',
      'aligned',
      '--runs',
      '12',
      ...out('table'),
    ])
    expect(code).toBe(0)
    expect(stdout).not.toContain('\u001b')
    // Nothing but progress, and that only where it takes long.
    expect(stderr).toMatch(/^(\d+ of 12 runs, .*\n)*$/)
    const [heading, first, second] = stdout.split('\n')
    expect(heading).toMatch(/^scenario +mode +claim +verdict +runs +faults landed +witnesses$/)
    expect(first).toMatch(/^word-count +aligned +exactly-once at state +holds +12 +\d+ +recovered \d+$/)
    expect(second).toMatch(/^ +exactly-once at external-store +holds +12 +repeated-commit \d+$/)
    expect(stdout).toMatch(/^HOLDS {2}12 runs, [\d,]+ events, .* campaign seed 1, driver swarm$/m)
    expect(stdout).toContain(`written to ${join(here, 'table')}: results.json, summary.md`)
  })

  it('beyond the budget needs no witness, and its tokens are replayed', async () => {
    const run = ['run', '--scenario', 'word-count', '--mode', 'aligned', '--runs', '4', '--workers', '1', '--beyond-budget']
    const { code, stdout } = await inThisProcess([...run, '--json', ...out('beyond')])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'holds', scenarios: [{ name: 'word-count+beyond-budget', runs: 4 }] })
    const token = formatToken({ scenario: 'word-count+beyond-budget', mode: 'aligned', seed: '1-0' })
    const replayed = await inThisProcess(['replay', token, '--json'])
    expect([replayed.code, JSON.parse(replayed.stdout)]).toMatchObject([0, { scenario: 'word-count+beyond-budget', replay: token }])
  })

  it('is incomplete when a witness is missing', async () => {
    const { code, stdout } = await inThisProcess([
      'run',
      '--scenario',
      'kafka-to-kafka-none',
      '--mode',
      'aligned',
      '--runs',
      '1',
      '--workers',
      '1',
      ...out('few'),
    ])
    expect(code).toBe(4)
    expect(stdout).toContain('lost-output MISSING')
    expect(stdout).toMatch(/^INCOMPLETE .*\n(.*\n)* {2}kafka-to-kafka-none aligned: never seen: lost-output$/m)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('keeps what it has when it is ended by %s', async (signal) => {
    const words = ['run', '--scenario', 'word-count', '--runs', '1000000', '--workers', '1', '--json', ...out(signal)]
    // The directory is made just before the first run begins.
    const begun = (kill: (signal: NodeJS.Signals) => void): void => {
      if (existsSync(join(here, signal))) setTimeout(() => kill(signal), 2500)
      else setTimeout(() => begun(kill), 50)
    }
    const { code, stdout } = await millrace(words, undefined, begun)
    expect(code).toBe(4)
    const document = JSON.parse(stdout)
    expect(document).toMatchObject({ verdict: 'incomplete', interrupted: true })
    expect(document.runs).toBeGreaterThan(0)
  })
})

describe('millrace run --plan', () => {
  const answers = (guarantee: string): string => {
    const path = join(here, `${guarantee}.yaml`)
    const lines = [
      'userCode:',
      '  deterministic: true',
      'vertices:',
      "  'Source: Src':",
      '    replayable: true',
      "  'Sink: Writer':",
      `    guarantee: ${guarantee}`,
    ]
    writeFileSync(path, `${lines.join('\n')}\n${guarantee === 'EXACTLY_ONCE' ? '    transactionTimeout: none\n' : ''}`)
    return path
  }
  const append = ['--plan', join(FIXTURES, 'rest/alo-skew-append'), '--assume', answers('AT_LEAST_ONCE')]
  const twoPhase = ['--plan', join(FIXTURES, 'rest/eo-aligned-2pc')]
  const settled = [...twoPhase, '--assume', answers('EXACTLY_ONCE')]
  const few = ['--runs', '12', '--workers', '1']

  it('derives the guarantee of each possibility, and says what a user must know', async () => {
    const ran = await inThisProcess(['run', ...twoPhase, '--runs', '3', '--workers', '1', '--json', ...out('derived')])
    const { job, scenarios } = documentOf(ran)
    expect(job.possibilities.slice(0, 2)).toEqual([
      { name: 'eo-aligned-2pc', condition: '' },
      { name: 'eo-aligned-2pc#2', condition: "the transactions of 'Sink: Writer' time out before an outage is over" },
    ])
    expect(job.guarantees[1]).toMatchObject({
      of: 'Sink: Writer',
      at: 'external-store',
      guarantee: 'exactly-once',
      words: 'exactly-once',
      condition: '',
      ofRuns: 3,
    })
    expect(job.advice.join('\n')).toMatch(/after a failure the input of up to .* is read again/)
    expect(job.advice.join('\n')).toMatch(/transaction timeout .* <= checkpoint interval .* \+ restart delay/)
    expect(scenarios[0].claims.every(({ promised }: { promised: boolean }) => !promised)).toBe(true)
  })

  it('tests a claim, tells why it is violated, and replays the violation in another process', async () => {
    const claim = [...append, '--claim', 'exactly-once@external-store']
    const ran = await inThisProcess(['run', ...claim, ...few, ...out('violated')])
    expect(ran.code).toBe(1)
    expect(ran.stdout).toMatch(
      /^FAIL {2}exactly-once at external-store of Sink: Writer {5}scenario .* seed 1-\d+ {3}run \d+ of 12, the first of \d+ such runs?$/m,
    )
    expect(ran.stdout).toMatch(/^ {4}event +\d+ +\d+\.\d{6} s {2}FAULT /m)
    // The count has nothing to do with it and is left out: no state is left of which something could be said.
    expect(ran.stdout).toMatch(/^ +without .*Count/m)
    expect(ran.stdout).toMatch(/^ {2}left +at-least-once at external-store of Sink: Writer$/m)

    const { violations } = JSON.parse(readFileSync(join(here, 'violated/results.json'), 'utf8'))
    expect(violations[0]).toMatchObject({
      guarantee: 'exactly-once',
      anomaly: 'duplicated',
      seed: expect.any(String),
      replay: expect.stringMatching(/^mr1\./),
    })
    const again = await millrace(['replay', violations[0].replay, ...claim, '--json'])
    expect(again.code).toBe(1)
    expect(documentOf(again)).toMatchObject({ verdict: 'violated', deterministic: true, traceHash: violations[0].traceHash })
  })

  it('stores the failure, runs it first the next time, and replays it from its file', async () => {
    const claim = [...append, '--claim', 'exactly-once@external-store']
    const first = documentOf(await inThisProcess(['run', ...claim, ...few, '--json', ...out('stored')]))
    const file: string = first.violations[0].stored
    expect(file).toMatch(/stored-failures\/alo-skew-append\/at-least-once\.1-\d+\.output-at-most-once\.json$/)
    expect(first.retried).toBeUndefined()

    const again = await inThisProcess(['run', ...claim, '--seed', 'harmless', '--runs', '1', '--workers', '1', ...out('stored')])
    expect(again.code).toBe(1)
    expect(again.stdout).toContain(`stored failures, run first\n  ${file}: still fails\n`)
    expect(again.stdout).toMatch(/^FAIL {2}exactly-once at external-store .* stored earlier$/m)

    // The file alone tells which job it is.
    const replayed = documentOf(await inThisProcess(['replay', file, '--json']))
    expect(replayed).toMatchObject({ verdict: 'violated', traceHash: first.violations[0].traceHash, replay: first.violations[0].replay })
    expect(replayed.drift).toBeUndefined()

    // Another claim is another job: nothing is run first.
    const other = documentOf(await inThisProcess(['run', ...append, '--runs', '1', '--workers', '1', '--json', ...out('stored')]))
    expect(other.retried).toBeUndefined()
  })

  it('stores failures of jobs with names of any length, and goes on where one does not fit the job any more', async () => {
    const [folderOfPlan, path] = [join(FIXTURES, 'rest/alo-skew-append'), join(here, 'long.json')]
    const text = readFileSync(join(folderOfPlan, 'plan.json'), 'utf8').replaceAll('alo-skew-append', '名'.repeat(150))
    writeFileSync(path, text)
    const job = ['--plan', path, '--conf', join(folderOfPlan, 'checkpoints-config.json'), '--claim', 'exactly-once@external-store']
    const words = ['run', ...job, '--assume', answers('AT_LEAST_ONCE'), '--workers', '1', ...out('long')]
    const { violations } = documentOf(await inThisProcess([...words, '--runs', '12', '--json']))
    expect(existsSync(violations[0].stored)).toBe(true)
    writeFileSync(path, text.replaceAll('Count', 'Renamed'))
    const { stdout } = await inThisProcess([...words, '--runs', '6'])
    expect(stdout).toMatch(
      /^stored failures, run first\n {2}\S+: cannot be run any more, .*'Count -> Sink: Writer'; remove it if the job has changed/m,
    )
    expect(stdout).toMatch(/^VIOLATED {2}6 runs, /m)
  })

  it('says where a stored failure parts from the run that it is now', async () => {
    const claim = [...append, '--claim', 'exactly-once@external-store']
    const { violations } = documentOf(await inThisProcess(['run', ...claim, ...few, '--json', ...out('drifted')]))
    const failure = JSON.parse(readFileSync(violations[0].stored, 'utf8'))
    failure.traceHash = '0'.repeat(16)
    failure.choices.numbers[4 * 50 + 3]++
    writeFileSync(violations[0].stored, JSON.stringify(failure))
    const { stdout } = await inThisProcess(['replay', violations[0].stored])
    expect(stdout).toMatch(/^not the recorded run: its trace hash was 0{16}, now it is [0-9a-f]{16}$/m)
    expect(stdout).toMatch(/^ {2}first choice that differs: number 50, delay of a message \S+ -> \S+$/m)
    const [, expected = '', found = ''] = /^ {4}expected {2}(.*)\n {4}found {5}(.*)$/m.exec(stdout) ?? []
    const value = (choice: string): number => Number(/ = (\d+) of /.exec(choice)?.[1])
    expect(value(expected)).toBe(value(found) + 1)
  })

  it('gives another answer when one key differs', async () => {
    const answer = async (...words: readonly string[]): Promise<string> => {
      const { stdout } = await inThisProcess(['run', ...words, ...few, ...out('answer')])
      return /^ {4}Sink: Writer\n {6}(.*)$/m.exec(stdout)?.[1] ?? stdout
    }
    expect(await answer(...settled)).toBe('exactly-once')
    expect(await answer(...settled, '--set', 'restart-strategy.type=none')).toContain('until the restarts are used up and the job ends')
    expect(await answer(...append)).toBe('duplicates')
  })

  it('says what to add when a plan comes without configuration', async () => {
    const plan = join(FIXTURES, 'plans/DataGenerator-p2.execution-plan.json')
    const words = ['run', '--plan', plan, '--runs', '6', '--workers', '1', ...out('unconfigured')]
    const alone = await inThisProcess(words)
    expect(alone.code).toBe(4)
    expect(alone.stdout).toMatch(/no guarantee survives: in every run the restarts are used up and the job ends: in every possibility$/m)
    expect(alone.stdout).toMatch(/^ {2}checkpointing is off; .* --set execution\.checkpointing\.interval='10 s'$/m)
    const configured = await inThisProcess([...words, '--set', 'execution.checkpointing.interval=10 s'])
    expect(configured.stdout).not.toContain('checkpointing is off;')
    expect(configured.stdout).not.toContain('no guarantee survives')
  })

  it('runs nothing of a job that cannot be checked, and says why', async () => {
    const ran = await inThisProcess(['run', '--plan', join(FIXTURES, 'plans/WordCount-batch-p2.jobgraph-plan.json'), ...out('batch')])
    expect(ran.code).toBe(4)
    expect(ran.stdout).toMatch(/cannot be checked\n +a BATCH job takes no checkpoints/)
  })
})

it('--faults: every run has the faults of the file, and a token carries them', async () => {
  const plan = join(here, 'faults.json')
  const late = crash('JobManager').at('checkpoint.store.added', { nth: 200 })
  const faults = [crash('JobManager').at('checkpoint.store.added', { nth: 2 }), lose('notifyComplete', { to: 'sink-1' }), late]
  writeFileSync(plan, JSON.stringify(faults))
  const options = ['--scenario', 'kafka-to-kafka-none', '--mode', 'aligned', '--runs', '3', '--workers', '1']
  const { scenarios } = documentOf(await inThisProcess(['run', ...options, '--faults', plan, ...out('planned'), '--json']))
  expect(scenarios[0].evidence.faults).toEqual({ crash: 3, rpc: 3 })
  expect(scenarios[0].unlanded).toEqual([expect.stringContaining('200th')])
  expect(parseToken(scenarios[0].anomalies[0].replay)).toMatchObject({ plan: faults })
})
