import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { documentOf, FIXTURES, folder, inThisProcess, millrace } from './millrace.js'

const { path: here, removed } = folder()
afterAll(removed)

describe('millrace check', { timeout: 120_000 }, () => {
  it('tells what was explored when it is interrupted, saves it, and goes on from there', async () => {
    const saved = join(here, 'check')
    const words = ['check', 'kafka-to-kafka-exactly-once', '--scope', 'crashes=2', '--save', saved, '--json']
    // It is saved early for the first time; what is there in the end is what the interruption has saved.
    const begun = (kill: (signal: NodeJS.Signals) => void): void => {
      if (!existsSync(saved)) setTimeout(() => begun(kill), 50)
      else {
        rmSync(saved)
        kill('SIGINT')
      }
    }
    const ended = await millrace(words, undefined, begun)
    expect(ended.stderr).toContain('ending; once more to stop at once')
    expect(ended.code).toBe(4)
    const document = documentOf(ended)
    expect(document).toMatchObject({ verdict: 'incomplete', exhausted: false, interrupted: true, left: [] })
    expect(document.because).toContain('not all states were seen: interrupted')
    expect(document.distinct).toBeGreaterThan(0)
    expect(existsSync(saved)).toBe(true)

    const goneOn = documentOf(await millrace([...words, '--seconds', '0.001']))
    expect(goneOn).toMatchObject({ verdict: 'incomplete', interrupted: false })
    expect(goneOn.distinct).toBeGreaterThanOrEqual(document.distinct)
  })

  it('is ended by the second signal', async () => {
    const saved = join(here, 'ended')
    const words = ['check', 'kafka-to-kafka-exactly-once', '--scope', 'crashes=2', '--save', saved]
    const begun = (kill: (signal: NodeJS.Signals) => void): void => {
      if (!existsSync(saved)) setTimeout(() => begun(kill), 50)
      else {
        kill('SIGINT')
        kill('SIGTERM')
      }
    }
    const { code, stdout } = await millrace(words, undefined, begun)
    expect([code, stdout]).toEqual([130, ''])
  })
})

describe('several threads', { timeout: 120_000 }, () => {
  /** Without what depends on the machine and on who did how much. */
  const compared = (document: unknown): unknown =>
    JSON.parse(JSON.stringify(document), (name, value: unknown) => (MEASURED.has(name) ? undefined : value))
  const MEASURED = new Set(['seconds', 'hitRate', 'peakMemoryBytes', 'visitedBytes', 'longestQueue', 'stored'])

  it.each([
    ['kafka-to-kafka-exactly-once', 'sources=1', 'answers,inline-state,mails,credits', 'holds'],
    ['file-to-file', 'crashes=1', 'systems,inline-state,mails,credits,rpcs', 'incomplete'],
  ])('make the document that one makes: %s, %s', async (scenario, scope, reductions, verdict) => {
    const words = ['check', scenario, '--scope', scope, '--reduce', reductions, '--failures', join(here, 'none'), '--json']
    const [one, two] = [documentOf(await millrace(words)), documentOf(await millrace([...words, '--workers', '2']))]
    expect(one).toMatchObject({ verdict, exhausted: true })
    expect(compared(two)).toEqual(compared(one))
  })

  it('are ended by Ctrl-C, and tell how far they came', async () => {
    const words = ['check', 'kafka-to-kafka-exactly-once', '--scope', 'crashes=2', '--workers', '2', '--json']
    const ended = await millrace(words, undefined, (kill) => void setTimeout(() => kill('SIGINT'), 5000))
    expect(ended.code).toBe(4)
    expect(documentOf(ended)).toMatchObject({ verdict: 'incomplete', exhausted: false, interrupted: true })
  })
})

describe('a violation of millrace check', { timeout: 120_000 }, () => {
  const answers = join(here, 'answers.yaml')
  const failures = join(here, 'failures')
  const sink = ["  'Sink: Writer':", '    guarantee: AT_LEAST_ONCE']
  writeFileSync(
    answers,
    `${['userCode:', '  deterministic: true', 'vertices:', "  'Source: Src':", '    replayable: true', ...sink].join('\n')}\n`,
  )
  const job = ['--plan', join(FIXTURES, 'rest/alo-skew-append'), '--assume', answers, '--claim', 'exactly-once@external-store']
  const reduced = ['--scope', 'crashes=1', '--reduce', 'systems,inline-state,mails,credits,rpcs']
  const file = join(failures, 'alo-skew-append/at-least-once.check.sources1-records1-checkpoints1-crashes1.json')

  it('is found by several threads as by one', async () => {
    const words = ['check', 'alo-skew-append', ...job, ...reduced, '--failures', join(here, 'threads'), '--json']
    const [one, two] = [documentOf(await millrace(words)), documentOf(await millrace([...words, '--workers', '2']))]
    expect(two.verdict).toBe('violated')
    const { distinct, generated, depth, terminals, violation } = one
    expect(two).toMatchObject({ distinct, generated, depth, terminals, violation })
  })

  it('has a token, which goes the same way in another process, without reductions; and is stored', async () => {
    const found = await inThisProcess(['check', 'alo-skew-append', ...job, ...reduced, '--failures', failures, '--json'])
    expect(found.code).toBe(1)
    const { violation, stored } = documentOf(found)
    expect(stored).toBe(file)
    expect(violation).toMatchObject({
      reason: expect.stringMatching(/^duplicated: /),
      replay: expect.stringMatching(/^mw1\.alo-skew-append\./),
    })
    expect(violation.command).toContain(`replay ${violation.replay} --plan `)

    const again = await millrace(['replay', violation.replay, ...job, '--json'])
    expect(again.code).toBe(1)
    const replayed = documentOf(again)
    expect(replayed).toMatchObject({ verdict: 'violated', reason: violation.reason, deterministic: true, replay: violation.replay })
    expect(replayed.path.length).toBe(replayed.steps)
    expect(replayed.path.length).toBeGreaterThan(violation.path.length)

    // The file names the job by itself, and is no run that a campaign would begin with.
    const text = await inThisProcess(['replay', file])
    expect(text.code).toBe(1)
    expect(text.stdout).toMatch(/^VIOLATED {2}duplicated: /m)
    expect(text.stdout).toContain(`  ${String(replayed.steps - 1)}. `)
    const few = ['--runs', '1', '--workers', '1', '--output', join(here, 'out')]
    expect((await inThisProcess(['run', ...job, ...few, '--failures', failures])).stderr).toBe('')
  })

  it('names the first step that is not there any more, and what is possible instead', async () => {
    const stored = JSON.parse(readFileSync(file, 'utf8'))
    const parts: string[] = stored.token.split('.')
    const marks = parts.at(-1) ?? ''
    // The third step is another one.
    const changed = [...parts.slice(0, -1), `${marks.slice(0, 6)}AAA${marks.slice(9)}`].join('.')
    writeFileSync(file, `${JSON.stringify({ ...stored, token: changed }, undefined, 2)}\n`)
    const { code, stdout } = await inThisProcess(['replay', file])
    expect(code).toBe(4)
    expect(stdout).toContain('the first step that is not possible any more: number 2')
    expect(stdout).toContain(`  expected  ${String(stored.steps[2])}`)
    expect(stdout).toMatch(/^ {2}possible {2}/m)
    expect(stdout).toMatch(/^INCOMPLETE {2}the way cannot be gone to its end any more$/m)
    const { divergence } = documentOf(await inThisProcess(['replay', file, '--json']))
    expect(divergence).toMatchObject({ step: 2, expected: stored.steps[2], possible: expect.arrayContaining([expect.anything()]) })
  })

  it.each([
    ['of another version', (token: string) => token.replace('mw1', 'mw2'), 'is of version 2'],
    ['cut off', (token: string) => token.slice(0, -4), 'is cut off or has a damaged part'],
    ['with a step too many', (token: string) => `${token}AAA`, 'is cut off or has a damaged part'],
    ['of an unknown mode', (token: string) => token.replace('.at-least-once.', '.sometimes.'), "unknown mode 'sometimes'"],
    [
      'of a scope that is none',
      (token: string) => token.replace('crashes1', 'crushes1'),
      'scope crushes: unknown key (did you mean crashes?)',
    ],
    [
      'of a mode that the job does not run in',
      (token: string) => token.replace('.at-least-once.', '.aligned.'),
      'does not run in mode aligned',
    ],
    ['of another scenario', (token: string) => token.replace('alo-skew-append', 'word-cont'), "unknown scenario 'word-cont'"],
  ])('has a token that is refused when it is %s', async (_, changed, told) => {
    const { token } = JSON.parse(readFileSync(file, 'utf8'))
    const { code, stdout, stderr } = await inThisProcess(['replay', changed(token), ...job])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(told)
    expect(stderr).toMatch(/^ {2}allowed: /m)
  })

  it.each([
    ['shrunk', ['shrink'], [], 'is a way that a check has found; it is as short as any'],
    ['explained', ['explain'], [], 'is a way that a check has found; `millrace replay` shows each of its steps'],
    ['shrunk when it is replayed', ['replay'], ['--shrink'], '--shrink: a way that a check has found is as short as any'],
    ['told as a history', ['replay'], ['--history', join(here, 'h.jsonl')], '--history: a way that a check has found has no times'],
  ])('is not %s, and says so', async (_, verb, options, told) => {
    const { token } = JSON.parse(readFileSync(file, 'utf8'))
    for (const given of [token, file]) {
      const { code, stderr } = await inThisProcess([...verb, given, ...options])
      expect(code).toBe(2)
      expect(stderr).toContain(told)
    }
  })

  it('is refused when its file is damaged', async () => {
    const content = readFileSync(file, 'utf8')
    const damaged = join(here, 'damaged.json')
    const refused = async (text: string): Promise<string> => {
      writeFileSync(damaged, text)
      const { code, stderr } = await inThisProcess(['replay', damaged])
      expect(code).toBe(2)
      return stderr
    }
    expect(await refused(content.slice(0, 200))).toContain('not JSON, or cut short')
    expect(await refused(content.replace('"schema": 1', '"schema": 2'))).toContain('a way of schema 2')
    expect(await refused(content.replace('"reason"', '"raisin"'))).toContain('$.')
  })
})
