/** Bad input: exit code 2, the place, the remedy, no stack trace, nothing on standard output, nothing half-written. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { expectRefused, FIXTURES, folder, inThisProcess, millrace } from './millrace.js'

const { path: here, removed } = folder()
afterAll(removed)

function file(name: string, text: string | Buffer): string {
  const path = join(here, name)
  writeFileSync(path, text)
  return path
}

const plan = join(FIXTURES, 'plans/WordCount-p2.execution-plan.json')
const output = ['--output', join(here, 'out')]
const history = readFileSync(join(FIXTURES, 'plans/README.md'), 'utf8')
const header =
  '{"millrace":"history","schema":1,"origin":"simulated","scenario":"s","operators":[],"configuration":{},"mode":"off","events":2}'

/** What is wrong, the command, and what must be said: the place, the reason, the remedy. */
const cases: [what: string, words: readonly string[], ...said: string[]][] = [
  [
    'an unknown driver',
    ['run', '--driver', 'swam', ...output],
    '--driver swam: unknown driver (did you mean swarm?)',
    'allowed: swarm, random, pct, guided',
  ],
  ['a driver like none', ['run', '--driver', 'zookeeper', ...output], '--driver zookeeper: unknown driver\n'],
  [
    'an unknown key of a scope',
    ['check', 'file-to-file', '--scope', 'sources=1,crash=1'],
    'scope crash: unknown key (did you mean crashes?)',
    'allowed: sources, subtasks, taskManagers, records, checkpoints, crashes',
  ],
  [
    'a scope of nothing',
    ['check', 'file-to-file', '--scope', 'records=0'],
    'scope records=0: not a usable number',
    'a whole number from 1 to 9',
  ],
  ['a scope without a number', ['check', 'file-to-file', '--scope', 'records'], "'records' is no key with a number"],
  ['a key of a scope twice', ['check', 'file-to-file', '--scope', 'records=1,records=2'], 'scope records: given twice'],
  [
    'a scope beyond the job',
    ['check', 'file-to-file', '--scope', 'sources=5'],
    "scope sources=5: 'Source: Lines' has 2",
    'allowed: up to 2',
  ],
  [
    'an unknown reduction',
    ['check', 'file-to-file', '--reduce', 'credit'],
    '--reduce credit: unknown reduction (did you mean credits?)',
    'allowed: answers, systems, inline-state, mails, credits, symmetry, late-words, ample, atomic-restart, rpcs, none',
  ],
  [
    'a reduction that needs systems without faults',
    ['check', 'file-to-file', '--scope', 'outcomes=1', '--reduce', 'systems'],
    '--reduce systems: the scope lets calls to systems fail (outcomes=1)',
    'outcomes=0',
  ],
  ['an unknown scenario to check', ['check', 'file-to-fil'], 'file-to-fil: unknown scenario', 'did you mean file-to-file?'],
  ['a mode that is none', ['check', 'file-to-file', '--mode', 'alligned'], '--mode alligned: unknown mode', 'did you mean aligned?'],
  [
    'a check saved where nothing can be written',
    ['check', 'file-to-file', '--save', join(here, 'no/such/folder')],
    'no/such/folder',
    'a file in a directory that exists and can be written to',
  ],
  [
    'whole states that are to be saved',
    ['check', 'file-to-file', '--exact', '--save', join(here, 'whole')],
    '--exact: what is saved are the usual fingerprints',
    '--exact without --save',
  ],
  [
    'ample sets with other fingerprints',
    ['check', 'file-to-file', '--seed2', '--reduce', 'ample'],
    '--seed2: ample sets are chosen in an order that fingerprints decide',
    '--reduce without ample',
  ],
  [
    'several scopes to deepen',
    ['check', 'file-to-file', '--scope', 'crashes=1', '--scope', 'records=2', '--deepen'],
    '--deepen: with several scopes there is no largest one',
    'allowed: one --scope',
  ],
  [
    'an unknown configuration key',
    ['run', '--plan', plan, '--conf', file('unknown.yaml', 'execution.checkpointing.intervall: 10 s\n'), ...output],
    'unknown.yaml:1:36: unknown configuration key',
    "'execution.checkpointing.interval' is the nearest known key",
  ],
  [
    'unaligned checkpoints with several at once',
    [
      ...[
        'run',
        '--plan',
        plan,
        '--set',
        'execution.checkpointing.interval=10 s',
        '--set',
        'execution.checkpointing.unaligned.enabled=true',
      ],
      ...['--set', 'execution.checkpointing.max-concurrent-checkpoints=2', ...output],
    ],
    '--set execution.checkpointing.max-concurrent-checkpoints',
    "maxConcurrentCheckpoints can't be > 1",
    'allowed: 1, or execution.checkpointing.unaligned.enabled = false',
  ],
  [
    'a transactional sink without checkpoints',
    ['run', '--plan', join(FIXTURES, 'rest/eo-aligned-2pc/plan.json'), '--assume', file('assume.yaml', assumption()), ...output],
    'checkpointing is off',
    'an interval of 10 ms or more',
  ],
  [
    'a plan that is not JSON',
    ['run', '--plan', file('plan.json', '{"jid": "1", "nodes": [}'), ...output],
    'plan.json:1:24',
    'not JSON',
    'allowed: a value',
  ],
  ['a plan that is empty', ['run', '--plan', file('empty.json', ''), ...output], 'empty.json:1:1: not JSON, the text ends here'],
  [
    'a plan that is something else',
    ['run', '--plan', file('other.json', '{}'), ...output],
    'other.json $: no plan here',
    'getExecutionPlan',
  ],
  ['a folder without a plan', ['import', join(FIXTURES, 'configuration')], 'no plan among the answers', '/jobs/:jobid/plan'],
  ['an output directory without a name', ['run', '--runs', '1', '--output', ''], '--output: has no name', 'a directory that can be made'],
  [
    'a job of a folder of answers',
    ['run', '--plan', join(FIXTURES, 'rest/eo-aligned-2pc'), '--job', '1', ...output],
    '--job 1: ',
    'is no cluster with several jobs',
    'allowed: the address of a cluster as --plan',
  ],
  ['a plan without a name', ['run', '--plan', '', ...output], "'': ENOENT", 'a plan file'],
  ['a configuration that is a folder', ['run', '--plan', plan, '--conf', here, ...output], 'EISDIR', 'a configuration file'],
  ['an assume file that is a folder', ['run', '--plan', plan, '--assume', here, ...output], 'EISDIR', 'an assume file'],
  ['a setting without a value', ['run', '--plan', plan, '--set', 'restart-strategy.type', ...output], 'not a setting', 'key=value'],
  [
    'an interval that no run is long enough for',
    ['import', plan, '--set', 'execution.checkpointing.interval=99999999999d'],
    'longer than any run that can be simulated',
    '1000 d or less',
  ],
  ['an option given twice', ['run', '--seed', 'a', '--seed', 'b', ...output], '--seed: given twice', 'one value'],
  ['more runs than can be counted', ['run', '--runs', '99999999999999999999', ...output], '--runs 99999999999999999999'],
  ['more threads than any machine has', ['run', '--workers', '1000', ...output], '--workers 1000', 'a whole number from 1 to 256'],
  ['time without end', ['run', '--seconds', 'Infinity', ...output], '--seconds Infinity', 'a number above 0'],
  ['an output directory where none can be made', ['run', '--runs', '1', '--output', '/proc/none'], '--output', 'cannot write to'],
  ['failures in a file', ['run', '--runs', '1', '--failures', plan, ...output], '--failures', 'is no directory'],
  [
    'a stored failure that is cut short',
    ['replay', file('cut-failure.json', '{"millrace": "failure", "sch')],
    'cut-failure.json: not JSON, or cut short',
    'remove this one',
  ],
  [
    'a stored failure that is not there',
    ['replay', join(here, 'nowhere.json')],
    'nowhere.json',
    'a replay token, or a file under failures/',
  ],
  ['a folder in place of a token', ['replay', here], 'EISDIR', 'a file under failures/'],
  [
    'a failure to shrink that is cut short',
    ['shrink', file('cut-short.json', '{"millrace": "failure", "sch')],
    'cut-short.json: not JSON, or cut short',
  ],
  [
    'a failure to shrink of another schema',
    ['shrink', file('other-schema.json', '{"millrace": "failure", "schema": 9}')],
    'other-schema.json: a failure of schema 9',
    'schema 1',
  ],
  ['a token to shrink whose scenario is gone', ['shrink', 'mr1.word-gone.aligned.1'], "unknown scenario 'word-gone'"],
  [
    'a run to shrink that shows nothing',
    ['shrink', 'mr1.word-count.aligned.1.eyJwbGFuIjpbXX0'],
    'shows nothing that is wrong',
    'a run that fails',
  ],
  ['a budget of no runs', ['shrink', 'mr1.word-count.aligned.1', '--runs', '0'], '--runs 0', 'a whole number from 1 on'],
  ['a token with a damaged end', ['replay', 'mr1.word-count.aligned.1-0.AAAA'], 'has a damaged last part'],
  [
    'cells of a campaign that never was',
    ['list', 'cells', '--from', join(here, 'none.json')],
    'none.json: there is no such file',
    'run a campaign first',
  ],
  [
    'cells of a file that is cut short',
    ['list', 'cells', '--from', file('cut-results.json', '{"schema": 1, "mat')],
    'not JSON, or cut short',
  ],
  [
    'cells of results without a matrix',
    ['list', 'cells', '--from', file('bare.json', '{"schema": 1}')],
    'bare.json $.matrix',
    'results.json',
  ],
  ['a file for what is read from none', ['list', 'scenarios', '--from', 'results.json'], '--from results.json', 'list cells --from FILE'],
  [
    'a plan that names a failpoint that does not exist',
    [
      'run',
      '--faults',
      file('misnamed.json', '[{"kind":"crash","process":"*","at":{"point":"checkpoint.store.aded","nth":1},"downUs":1}]'),
      ...output,
    ],
    'misnamed.json $.0',
    'did you mean checkpoint.store.added?',
  ],
  [
    'every checkpoint restored in one shard',
    ['run', '--runs', '4', '--shard', '1/2', '--restore-everything', ...output],
    '--shard 1/2',
    '--restore-everything without --shard',
  ],
  [
    'a grid of time that is none',
    ['run', '--faults', file('grid.json', '[{"kind":"ties","gridUs":0}]'), ...output],
    'grid.json $.0.gridUs',
    'Too small',
  ],
  [
    'a call that is to be applied later and cannot be',
    ['run', '--faults', file('never-late.json', '[{"kind":"call","point":"store.load","nth":1,"outcome":"unknown-later"}]'), ...output],
    'never-late.json $.0.outcome',
    'storage.put, store.add',
  ],
  [
    'an exception where none can be thrown',
    ['run', '--faults', file('misplaced.json', '[{"kind":"exception","point":"task.restored","nth":1}]'), ...output],
    'misplaced.json $.0',
    'did you mean task.restore?',
  ],
  [
    'a plan with a fault of no kind',
    ['run', '--faults', file('flood.json', '[{"kind":"flood"}]'), ...output],
    'flood.json $.0.kind',
    'an array of faults',
  ],
  [
    'a plan of faults that is cut short',
    ['run', '--faults', file('cut-plan.json', '[{"kind":'), ...output],
    'cut-plan.json: not JSON, or cut short',
  ],
  ['a plan of faults that is not there', ['run', '--faults', join(here, 'nowhere.json'), ...output], '--faults', 'ENOENT'],
  ['zero seeds', ['doctor', '--seeds', '0'], '--seeds 0', 'a whole number from 1 on'],
  ['a plan that is not there', ['run', '--plan', join(here, 'nowhere.json'), ...output], 'nowhere.json', 'a plan file'],
  [
    'a history that is cut off',
    ['verify', file('cut.jsonl', `${header}\n{"seq":1,"t":0,"ki`)],
    'cut.jsonl:2',
    'ends within this line',
    'truncated',
  ],
  [
    'a history that is cut off between lines',
    ['verify', file('short.jsonl', `${header}\n{"kind":"job-status","seq":1,"status":"RUNNING","t":0}\n`)],
    'short.jsonl:2',
    'the file ends after 1 of 2 events',
  ],
  [
    'a history of a newer schema',
    ['verify', file('newer.jsonl', `${header.replace('"schema":1', '"schema":9')}\n`)],
    'newer.jsonl:1',
    'schema 9 is newer',
    'schema 1 or older',
  ],
  ['a history that is empty', ['verify', file('empty.jsonl', '')], 'empty.jsonl: the file is empty'],
  ['a folder without a history', ['verify', join(FIXTURES, 'plans')], 'a folder without a history', 'history.jsonl'],
  [
    'a compressed history that is cut off',
    ['verify', file('cut.jsonl.gz', gzipSync(header).subarray(0, 60))],
    'cut.jsonl.gz',
    'cut off or damaged',
    'the whole file',
  ],
  ['what is no history', ['verify', file('readme.md', history)], 'readme.md:1'],
  ['a history that is not there', ['verify', join(here, 'nowhere.jsonl')], 'nowhere.jsonl', 'no such file'],
  ['a token of another version', ['replay', 'mr2.word-count.aligned.1'], 'replay token', 'is of version 2', 'mr1'],
  ['a token that was cut', ['replay', 'mr1.word-count.al'], 'replay token', 'mr1.<scenario>.<mode>.<seed>'],
  [
    'a token of an unknown scenario',
    ['replay', 'mr1.word-cont.aligned.1'],
    "unknown scenario 'word-cont' (did you mean word-count?)",
    '--plan',
  ],
  [
    'an output directory that cannot be made',
    ['run', '--runs', '1', '--output', file('a-file', '') + '/out'],
    '--output',
    'ENOTDIR',
    'a directory that can be made',
  ],
  [
    'a history file that cannot be written',
    ['replay', 'mr1.word-count.aligned.1-0', '--history', join(here, 'nowhere/h.jsonl')],
    '--history',
    'nowhere',
  ],
  ['zero runs', ['run', '--runs', '0', ...output], '--runs 0', 'a whole number from 1 on'],
  ['negative runs', ['run', '--runs', '-5', ...output], '--runs -5', 'a whole number from 1 on'],
  ['half a run', ['run', '--runs', '1.5', ...output], '--runs 1.5'],
  ['no time', ['run', '--seconds', '0', ...output], '--seconds 0', 'a number above 0'],
  ['no workers', ['run', '--workers', '0', ...output], '--workers 0'],
  ['a seed with blanks', ['run', '--seed', 'a b', ...output], '--seed a b', '1 to 64 letters'],
  [
    'an unknown scenario',
    ['run', '--scenario', 'word-cuont', ...output],
    "unknown scenario 'word-cuont' (did you mean word-count?)",
    'allowed: word-count, ',
  ],
  ['an unknown mode', ['run', '--mode', 'alined', ...output], "unknown mode 'alined' (did you mean aligned?)"],
  ['an unknown verb', ['rpelay', 'x'], "unknown command 'rpelay'", 'Did you mean replay?'],
  ['an unknown option', ['run', '--run', '5'], "unknown option '--run'", 'Did you mean --runs?'],
  ['a mode that is half named', ['run', '--beyond', ...output], "unknown option '--beyond'"],
  ['an unknown list', ['list', 'scenario'], 'scenarios, faults, failpoints, guarantees'],
  ['an argument too many', ['list', 'faults', 'scenarios'], 'too many arguments'],
  ['a scenario without its option', ['run', 'word-count'], 'millrace run --scenario NAME'],
  ['an option without its value', ['run', '--runs'], "option '--runs <n>' argument missing"],
  ['no token', ['replay'], "missing required argument 'token'"],
  ['configuration without a job', ['run', '--conf', 'flink-conf.yaml'], '--conf', '--plan as well'],
  ['a claim that is none', ['run', '--plan', plan, '--claim', 'twice@state', ...output], '--claim twice@state', 'exactly-once'],
  [
    'a claim where nobody looks',
    ['run', '--plan', plan, '--set', 'execution.checkpointing.interval=1 s', '--claim', 'exactly-once@moon', ...output],
    'moon',
    'state',
  ],
  ['a mode beside a plan', ['run', '--plan', plan, '--mode', 'aligned', ...output], '--mode', 'configuration'],
  [
    'a template over an existing file',
    ['import', plan, '--assume-out', file('answers.yaml', 'vertices:\n')],
    '--assume-out',
    'may hold answers',
  ],
]

function assumption(): string {
  return "vertices:\n  'Sink: Writer':\n    guarantee: EXACTLY_ONCE\n"
}

describe('bad input', () => {
  it.each(cases)('%s', async (_, words, ...said) => {
    const before = readdirSync(here)
    expectRefused(await inThisProcess(words), said)
    // A directory may have been made; nothing is in it.
    const made = readdirSync(here).filter((name) => !before.includes(name))
    expect(made.flatMap((name) => readdirSync(join(here, name)))).toEqual([])
  })

  it.each(cases.filter((_, i) => i % 9 === 0))('%s: the same from a process of its own', async (_, words, ...said) => {
    expectRefused(await millrace(words), said)
  })

  it('without a verb the help is shown, as an error', async () => {
    const { code, stdout, stderr } = await millrace([])
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain('Usage: millrace')
  })

  it('a damaged file among the stored failures ends the run before it begins', async () => {
    const failures = join(here, 'stored')
    mkdirSync(failures)
    writeFileSync(join(failures, 'damaged.json'), '{"millrace": "failure", "schema": 9}')
    const { code, stderr } = await inThisProcess(['run', '--runs', '1', '--failures', failures, '--output', join(here, 'not-made')])
    expect(code).toBe(2)
    expect(stderr).toContain('damaged.json: a failure of schema 9\n  allowed: schema 1')
    expect(existsSync(join(here, 'not-made'))).toBe(false)
  })

  it('a byte order mark in front is none', async () => {
    const marked = file('marked.json', `\ufeff${readFileSync(plan, 'utf8')}`)
    expect((await inThisProcess(['import', marked])).code).toBe(0)
    const conf = file('marked.yaml', '\ufeffexecution.checkpointing.interval: 10 s\n')
    const { stdout } = await inThisProcess(['import', plan, '--conf', conf])
    expect(stdout).toMatch(/^execution\.checkpointing\.interval +10 s /m)
  })

  it('whoever reads may stop early', async () => {
    const { code, stderr } = await millrace(['list', '--json'], {}, (_, child) => child.stdout?.destroy())
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  it('existing answers stay as they are', () => {
    expect(readFileSync(join(here, 'answers.yaml'), 'utf8')).toBe('vertices:\n')
  })
})
