import { cpSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readPlan, readPlanText } from './import-plan.js'
import type { ImportedPlan } from './imported-plan.js'
import { readRestFolder } from './rest-folder.js'

const plans = 'test/fixtures/plans'
const readFixture = (file: string): ImportedPlan => readPlanText(readFileSync(`${plans}/${file}`, 'utf8'), file)
const names = readdirSync(plans)
  .filter((file) => file.endsWith('.jobgraph-plan.json'))
  .map((file) => file.replace('.jobgraph-plan.json', ''))

/** Vertices and edges by name, which is what both forms have in common. */
function shape(plan: ImportedPlan) {
  const nameOf = new Map(plan.vertices.map((vertex) => [vertex.id, vertex.name]))
  return plan.vertices
    .map(({ name, parallelism, inputs }) => [name, parallelism, inputs.map((input) => [nameOf.get(input.from), input.ship]).sort()])
    .sort()
}

describe('the two plans of one program', () => {
  it.each(names.filter((name) => !name.includes('batch')))(
    '%s: chains rebuilt from the execution plan are those of the job graph',
    (name) => {
      expect(shape(readFixture(`${name}.execution-plan.json`))).toEqual(shape(readFixture(`${name}.jobgraph-plan.json`)))
    },
  )
})

describe('what cannot be checked', () => {
  it('is said of batch jobs', () => {
    const plan = readFixture('WordCount-batch-p2.jobgraph-plan.json')
    expect(plan.type).toBe('BATCH')
    expect(plan.problems).toEqual([{ reason: expect.stringMatching(/BATCH job takes no checkpoints/) }])
  })
  it.each(['Iterate-p2.jobgraph-plan.json', 'Iterate-p2.execution-plan.json'])('is said of iterations: %s', (file) => {
    const plan = readFixture(file)
    expect(plan.iterations).toHaveLength(1)
    expect(plan.problems).toEqual([{ vertex: 'IterationSource-171', reason: expect.stringMatching(/iteration/) }])
  })
  it('is said of blocking exchanges', () => {
    const plan = readFixture('WordCount-batch-p2.jobgraph-plan.json')
    const nodes = plan.vertices.map(({ id, name, inputs }) => ({
      id,
      parallelism: 2,
      description: name,
      inputs: inputs.map((input) => ({ id: input.from, exchange: input.exchange })),
    }))
    expect(readPlan({ type: 'STREAMING', nodes }, 'p').problems.map((problem) => problem.vertex)).toEqual([
      'tokenizer',
      'counter -> Sink: print-sink',
    ])
  })
  it('is no problem that a rescaled job has FORWARD edges between other parallelisms: Flink rebalances there', () => {
    const ships = (above: number, below: number, ship: string) => {
      const inputs = [{ id: 'a', ship_strategy: ship }]
      const a = { id: 'a', parallelism: above, description: 'Source: a' }
      const { vertices, problems } = readPlan({ nodes: [a, { id: 'b', parallelism: below, description: 'Sink: b', inputs }] }, 'p')
      return [...problems, ...vertices.flatMap((vertex) => vertex.inputs.map((input) => input.ship))]
    }
    expect(ships(2, 4, 'FORWARD')).toEqual(['REBALANCE'])
    expect(ships(4, 4, 'FORWARD')).toEqual(['FORWARD'])
    expect(ships(2, 4, 'RESCALE')).toEqual(['RESCALE'])
  })
  it('is said of a parallelism that Flink has not decided', () => {
    const problemsOf = (above: number, below: number, ship: string) => {
      const inputs = [{ id: 'a', ship_strategy: ship }]
      const a = { id: 'a', parallelism: above, description: 'Source: a' }
      return readPlan({ nodes: [a, { id: 'b', parallelism: below, description: 'Sink: b', inputs }] }, 'p').problems
    }
    expect(problemsOf(1e9, 1e9, 'FORWARD')).toEqual([])
    expect(problemsOf(-1, 4, 'FORWARD')).toEqual([{ vertex: 'Source: a', reason: expect.stringMatching(/^its parallelism is -1/) }])
    expect(() => problemsOf(-2, 4, 'HASH')).toThrow('p $.nodes[0].parallelism: parallelism -2; allowed: 1 or more, or -1')
  })
  it.each([
    [500, []],
    [501, [{ vertex: 'Source: M', reason: expect.stringMatching(/^a chain of 501 operators: more than 500/) }]],
  ])('is said of a chain longer than can be simulated: %i operators', (length, problems) => {
    const node = (id: number) => ({ id, parallelism: 1, predecessors: id === 0 ? [] : [{ id: id - 1, ship_strategy: 'FORWARD' }] })
    const nodes = Array.from({ length }, (_, id) => ({ ...node(id), type: id === 0 ? 'Source: M' : 'M', pact: 'Operator' }))
    expect(readPlan({ nodes }, 'p').problems).toEqual(problems)
  })
  it('is said of nothing in a plain streaming job', () => {
    expect(readFixture('WordCount-p2.jobgraph-plan.json').problems).toEqual([])
  })
})

describe('a folder of REST answers', () => {
  it('gives names and maximum parallelism', () => {
    const { plan, configuration } = readRestFolder('test/fixtures/rest/eo-aligned-2pc')
    expect(plan.vertices.map(({ name, parallelism, maxParallelism }) => [name, parallelism, maxParallelism])).toEqual([
      ['Source: Src', 2, 16],
      ['Count', 2, 16],
      ['Sink: Writer -> Sink: Committer', 2, 16],
    ])
    const keys = configuration.flatMap((source) => source.entries.map((entry) => entry.key))
    expect(keys).toContain('execution.checkpointing.interval')
    expect(keys).toContain('pipeline.max-parallelism')
  })
  it('needs no more than an execution plan', () => {
    expect(readRestFolder('test/fixtures/rest/concurrent-unaligned').plan.form).toBe('execution plan')
  })
  it('may lie below the folder that is named', () => {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-'))
    cpSync('test/fixtures/rest/kafka-eo', join(folder, 'rest'), { recursive: true })
    writeFileSync(join(folder, 'summary.json'), '{}')
    expect(readRestFolder(folder).plan.name).toBe('kafka-eo')
  })
  it('refuses a folder without a plan', () => {
    expect(() => readRestFolder('src/flink/plan')).toThrow(/^src\/flink\/plan: no plan among the answers/)
    expect(() => readRestFolder('no/such/folder')).toThrow(/^no\/such\/folder: ENOENT/)
  })
})

describe('bad plans', () => {
  const node = (id: string, input?: string) => ({
    id,
    parallelism: 1,
    description: id,
    ...(input === undefined ? {} : { inputs: [{ id: input }] }),
  })
  it.each([
    [{}, /^p \$: no plan here/],
    [{ nodes: [] }, /^p \$\.nodes: /],
    [{ nodes: [{ ...node('a'), parallelism: '2' }] }, /^p \$\.nodes\[0\]\.parallelism: /],
    [{ plan: { nodes: [{ ...node('a'), description: 7 }] } }, /^p \$\.plan\.nodes\[0\]\.description: /],
    [{ nodes: [{ ...node('a'), parallelism: 0 }] }, /^p \$\.nodes\[0\]\.parallelism: parallelism 0/],
    [
      { nodes: [node('alpha'), node('beta', 'alhpa')] },
      /^p \$\.nodes\[1\]\.inputs\[0\]\.id: input from 'alhpa', which is no node of the plan \(did you mean alpha\?\); allowed: .* alpha, beta/,
    ],
    [{ nodes: [node('a', 'b'), node('b', 'a')] }, /^p \$\.nodes\[0\]: the inputs of 'a' form a cycle/],
    [{ nodes: [node('a'), node('a')] }, /^p \$\.nodes\[1\]: id 'a' is used twice/],
    [{ nodes: [{ id: 1, type: 'A', pact: 'Operator', contents: 'A' }] }, /^p \$\.nodes\[0\]\.parallelism: /],
  ])('%j', (json, message) => {
    expect(() => readPlan(json, 'p')).toThrow(message)
  })
  it('names line and column when it is not JSON', () => {
    expect(() => readPlanText('{\n  "nodes": [,]\n}', 'plan.json')).toThrow(/^plan\.json:2:13: not JSON/)
  })
})

describe('execution plans', () => {
  const node = (id: number, name: string, inputs: [number, string][] = [], parallelism = 2) => ({
    id,
    type: name,
    pact: inputs.length === 0 ? 'Data Source' : 'Operator',
    contents: name,
    parallelism,
    predecessors: inputs.map(([from, ship]) => ({ id: from, ship_strategy: ship, side: 'second' })),
  })
  const vertices = (nodes: object[], chaining = true) => readPlan({ nodes }, 'p', { chaining }).vertices.map((vertex) => vertex.name)

  it('chains over FORWARD with equal parallelism and one input only', () => {
    expect(vertices([node(1, 'S'), node(2, 'M', [[1, 'FORWARD']])])).toEqual(['S -> M'])
    expect(vertices([node(1, 'S'), node(2, 'M', [[1, 'FORWARD']])], false)).toEqual(['S', 'M'])
    expect(vertices([node(1, 'S', [], 1), node(2, 'M', [[1, 'FORWARD']])])).toEqual(['S', 'M'])
    expect(vertices([node(1, 'S'), node(2, 'M', [[1, 'HASH']])])).toEqual(['S', 'M'])
    expect(
      vertices([
        node(1, 'S'),
        node(2, 'T'),
        node(3, 'M', [
          [1, 'FORWARD'],
          [2, 'FORWARD'],
        ]),
      ]),
    ).toEqual(['S', 'T', 'M'])
  })
  it('does not chain an operator that yields to a source on the old interface', () => {
    expect(vertices([node(1, 'Source: Custom Source'), node(2, 'async wait operator', [[1, 'FORWARD']])])).toEqual([
      'Source: Custom Source',
      'async wait operator',
    ])
    expect(vertices([node(1, 'Source: Mine'), node(2, 'async wait operator', [[1, 'FORWARD']])])).toEqual([
      'Source: Mine -> async wait operator',
    ])
  })
  it('knows which operator of a chain feeds the next vertex', () => {
    const plan = readPlan(
      { nodes: [node(1, 'S'), node(2, 'M', [[1, 'FORWARD']]), node(3, 'Sink: x', [[2, 'FORWARD']]), node(4, 'K', [[2, 'HASH']])] },
      'p',
    )
    expect(plan.vertices[1]?.inputs).toEqual([{ from: '1', fromOperator: 1, ship: 'HASH', side: 'second' }])
  })
  it('are found inside what `flink info` prints', () => {
    const printed = `----------------------- Execution Plan -----------------------\n${JSON.stringify({ nodes: [node(1, 'S')] })}\n--------------------------------------------------------------\n\nNo description provided.`
    expect(readPlanText(printed, 'p').vertices.map((vertex) => vertex.name)).toEqual(['S'])
  })
})

describe('job plans', () => {
  it('give the chains of branching tasks', () => {
    const nodes = [
      {
        id: 'c',
        parallelism: 2,
        description: 'Window(T(5))<br/>+- Sink: a<br/>',
        inputs: [{ id: 'b', ship_strategy: 'HASH', exchange: 'pipelined_bounded' }],
      },
      {
        id: 'b',
        parallelism: 2,
        description: 'Process<br/>:- Map<br/>:  +- Sink: b<br/>+- Sink: c<br/>',
        inputs: [{ id: 'a', ship_strategy: 'REBALANCE' }],
      },
      { id: 'a', parallelism: 1, description: 'Source: x<br/>' },
    ]
    expect(readPlan({ nodes }, 'p').vertices.map((vertex) => vertex.name)).toEqual([
      'Source: x',
      'Process -> (Map -> Sink: b, Sink: c)',
      'Window(T(5)) -> Sink: a',
    ])
  })
  it('say when the feeding operator of a chain is not told', () => {
    const nodes = [
      { id: 'a', parallelism: 1, description: 'S<br/>:- M<br/>+- Sink: x<br/>' },
      { id: 'b', parallelism: 1, description: 'K', inputs: [{ id: 'a', ship_strategy: 'HASH[user]' }] },
    ]
    const plan = readPlan({ nodes }, 'p')
    expect(plan.notes).toEqual([
      expect.stringMatching(/does not tell which operator of 'S -> \(M, Sink: x\)' feeds the next vertex; it is taken to be 'M'/),
    ])
    expect(plan.vertices[1]?.inputs[0]?.ship).toBe('HASH')
  })
})

describe('the name of a job', () => {
  it.each([
    ['orders', 'orders'],
    ['', 'unnamed job'],
    [' ', 'unnamed job'],
    [undefined, 'unnamed job'],
    ['a\ud800b', 'a\ufffdb'],
  ])('%j is %j', (name, expected) => {
    expect(readPlan({ name, nodes: [{ id: 'a', parallelism: 1, description: 'Source: a' }] }, 'p').name).toBe(expected)
  })
})
