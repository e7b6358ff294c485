import { describe, expect, it } from 'vitest'
import { readPlan } from '../plan/index.js'
import { assumeTemplate, guessRoles, openQuestions, partsOf, readAssumptions, type Role } from './index.js'
import { readWindowName } from './window-name.js'

type Input = [from: string, ship: string]
const node = (id: string, description: string, inputs: Input[] = [], parallelism = 2) => ({
  id,
  parallelism,
  description,
  inputs: inputs.map(([from, ship]) => ({ id: from, ship_strategy: ship })),
})
const plan = (...nodes: object[]) => readPlan({ name: 'job', nodes }, 'p')
const roleOf = (roles: readonly Role[], label: string) => roles.find((role) => role.part.label === label)

const twoPhase = plan(
  node('a', 'Source: Src'),
  node('b', 'Count', [['a', 'HASH']]),
  node('c', 'Sink: Writer<br/>+- Sink: Committer', [['b', 'FORWARD']]),
)

describe('partsOf', () => {
  it('makes one sink of writer and committer', () => {
    const { parts, edges } = partsOf(twoPhase)
    expect(parts.map(({ label, kind, committer }) => [label, kind, committer])).toEqual([
      ['Source: Src', 'source', undefined],
      ['Count', 'operator', undefined],
      ['Sink: Writer', 'sink', 'same vertex'],
    ])
    expect(edges).toEqual([
      { from: 'Source: Src', to: 'Count', ship: 'HASH', chained: false },
      { from: 'Count', to: 'Sink: Writer', ship: 'FORWARD', chained: false },
    ])
  })
  it('finds a committer in another vertex, behind a pre-commit topology', () => {
    const { parts } = partsOf(
      plan(
        node('a', 'Source: x'),
        node('b', 'f: Writer', [['a', 'FORWARD']]),
        node('c', 'Compactor', [['b', 'HASH']]),
        node('d', 'f: Committer', [['c', 'FORWARD']], 1),
      ),
    )
    expect(parts.map((part) => [part.label, part.committer])).toEqual([
      ['Source: x', undefined],
      ['f: Writer', 'other vertex'],
    ])
  })
  it('finds it also where the writer is chained to what feeds it', () => {
    const { parts, edges } = partsOf(
      plan(
        node('a', 'Source: x<br/>+- Map<br/>   :- Sink: Writer<br/>   +- Sink: Log<br/>'),
        node('b', 'Sink: Coordinator', [['a', 'REBALANCE']], 1),
        node('c', 'Sink: Compactor<br/>+- Sink: Committer<br/>', [['b', 'CUSTOM']]),
        node('d', 'Sink: Print', [['a', 'REBALANCE']]),
      ),
    )
    expect(parts.map((part) => [part.label, part.committer])).toEqual([
      ['Source: x', undefined],
      ['Map', undefined],
      ['Sink: Writer', 'other vertex'],
      ['Sink: Log', 'none'],
      ['Sink: Print', 'none'],
    ])
    expect(edges).toContainEqual({ from: 'Map', to: 'Sink: Print', ship: 'REBALANCE', chained: false })
  })
  it('does not take the committer of another sink of the same name for it', () => {
    const { parts } = partsOf(
      plan(
        node('a', 'Source: x<br/>+- Map<br/>   +- Sink: Writer<br/>'),
        node('b', 'Enrich<br/>+- Sink: Writer<br/>', [['a', 'HASH']]),
        node('c', 'Sink: Committer', [['b', 'REBALANCE']], 1),
      ),
    )
    expect(parts.map((part) => [part.label, part.committer])).toEqual([
      ['Source: x', undefined],
      ['Map', undefined],
      ['Sink: Writer', 'none'],
      ['Enrich', undefined],
      ['Sink: Writer#2', 'other vertex'],
    ])
  })
  it('takes the chain of one task apart', () => {
    const { parts, edges } = partsOf(plan(node('a', 'Source: Src<br/>+- Map<br/>   +- Sink: Writer<br/>      +- Sink: Committer')))
    expect(parts.map((part) => part.kind)).toEqual(['source', 'operator', 'sink'])
    expect(edges.every((edge) => edge.chained)).toBe(true)
  })
  it('numbers parts of the same name', () => {
    const { parts } = partsOf(plan(node('a', 'Source: Src<br/>:- Map<br/>+- Map')))
    expect(parts.map((part) => part.label)).toEqual(['Source: Src', 'Map', 'Map#2'])
  })
  it('gives every part a label of its own', () => {
    const labels = (...names: string[]) => partsOf(plan(...names.map((name, id) => node(String(id), name)))).parts.map(({ label }) => label)
    expect(labels('Map', 'Map#2', 'Map')).toEqual(['Map', 'Map#2', 'Map#3'])
    expect(labels('Sink: X', 'Sink: X: Writer')).toEqual(['Sink: X', 'Sink: X: Writer#2'])
  })
  it('calls an operator without a name so', () => {
    const unnamed = { id: 1, type: '', pact: 'Data Source', contents: '', parallelism: 1 }
    expect(partsOf(readPlan({ nodes: [unnamed] }, 'p')).parts.map(({ label }) => label)).toEqual(['unnamed'])
  })
  it('knows the sinks of SQL by their description', () => {
    const { parts } = partsOf(
      plan(node('a', 'Source: x'), node('b', '[3]:Sink(table=[default.db.out], fields=[a, b])', [['a', 'FORWARD']])),
    )
    expect(parts.map(({ kind }) => kind)).toEqual(['source', 'sink'])
  })
})

describe('guessRoles', () => {
  const sinkOf = (description: string) => {
    const role = guessRoles(plan(node('a', 'Source: x'), node('b', description, [['a', 'FORWARD']]))).roles.at(-1)
    return role?.role === 'sink' ? [role.kind.value, role.guarantee.possibilities] : role?.role
  }
  it.each([
    ['Sink: Writer<br/>+- Sink: Committer', ['two-phase', ['EXACTLY_ONCE', 'AT_LEAST_ONCE', 'NONE']]],
    ['Sink: Writer', ['unknown', ['AT_LEAST_ONCE', 'NONE']]],
    ['Sink: Unnamed', ['unknown', ['AT_LEAST_ONCE', 'EXACTLY_ONCE', 'NONE']]],
    ['Sink: Print to Std. Out', ['print', ['AT_LEAST_ONCE']]],
    ['Sink: print-sink', ['print', ['AT_LEAST_ONCE', 'EXACTLY_ONCE', 'NONE']]],
    ['kafka-orders: Writer<br/>+- kafka-orders: Committer', ['kafka', ['EXACTLY_ONCE', 'AT_LEAST_ONCE', 'NONE']]],
    ['Global Committer : t<br/>+- end: Writer', ['two-phase', ['EXACTLY_ONCE', 'AT_LEAST_ONCE', 'NONE']]],
    ['IcebergFilesCommitter<br/>+- Sink: IcebergSink t', ['file', ['EXACTLY_ONCE']]],
    ['orders-IcebergFilesCommitter<br/>+- Sink: orders-IcebergSink t', ['file', ['EXACTLY_ONCE']]],
    ['StreamingFileWriter<br/>+- end: Writer', ['file', ['EXACTLY_ONCE']]],
    ['compact-operator<br/>+- PartitionCommitter<br/>   +- end: Writer', ['file', ['EXACTLY_ONCE']]],
    ['user-profile: Writer<br/>+- user-profile: Committer', ['two-phase', ['EXACTLY_ONCE', 'AT_LEAST_ONCE', 'NONE']]],
    ['ProfileSink: Writer<br/>+- ProfileSink: Committer', ['two-phase', ['EXACTLY_ONCE', 'AT_LEAST_ONCE', 'NONE']]],
    ['MyFileSink: Writer<br/>+- MyFileSink: Committer', ['file', ['EXACTLY_ONCE', 'AT_LEAST_ONCE', 'NONE']]],
    ['orders-avro: Writer<br/>+- orders-avro: Committer', ['two-phase', ['EXACTLY_ONCE', 'AT_LEAST_ONCE', 'NONE']]],
    ['out_files: Writer<br/>+- out_files: Committer', ['file', ['EXACTLY_ONCE', 'AT_LEAST_ONCE', 'NONE']]],
    ['[3]:Sink(table=[c.d.out], fields=[id, console_id])', ['unknown', ['AT_LEAST_ONCE', 'EXACTLY_ONCE', 'NONE']]],
    ['[3]:Sink(table=[c.d.jdbc_out], fields=[id, kafka_key])', ['append', ['AT_LEAST_ONCE', 'NONE', 'EXACTLY_ONCE']]],
    ['Map', 'operator'],
  ])('%s', (description, expected) => {
    expect(sinkOf(description)).toEqual(expected)
  })
  it('asks for no transaction timeout of a sink that is known to write files', () => {
    const timeoutOf = (sink: string) => {
      const role = guessRoles(plan(node('a', 'Source: x'), node('b', sink, [['a', 'FORWARD']]))).roles.at(-1)
      return role?.role === 'sink' ? role.transactionTimeout.possibilities : []
    }
    expect(timeoutOf('IcebergFilesCommitter<br/>+- Sink: IcebergSink t')).toEqual(['none'])
    expect(timeoutOf('Sink: files')).toEqual(['none', 'shorter than an outage'])
    expect(timeoutOf('Sink: unknown')).toEqual(['none', 'shorter than an outage'])
  })
  it('knows that writers and committers of table formats run no user code', () => {
    const ofFormats = ['IcebergStreamWriter', 'IcebergFilesCommitter', 'a-b-IcebergStreamWriter', 'Writer : t', 'Global Committer : t']
    const names = [...ofFormats, 'StreamingFileWriter', 'PartitionCommitter', 'My Writer']
    const { roles } = guessRoles(plan(node('a', 'Source: x'), ...names.map((name) => node(name, name, [['a', 'FORWARD']]))))
    const settled = names.map((name) => {
      const role = roleOf(roles, name)
      return role?.role === 'operator' && role.deterministic.possibilities.length === 1
    })
    expect(settled).toEqual(names.map((name) => name !== 'My Writer'))
  })
  const sourceOf = (name: string) => {
    const role = guessRoles(plan(node('a', name))).roles[0]
    return role?.role === 'source' ? [role.kind.value, role.replayable.possibilities] : role?.role
  }
  it.each([
    ['Source: Socket Stream', ['socket', [false]]],
    ['Source: Collection Source', ['collection', [true, 'redelivers']]],
    ['Source: Parallel Collection Source', ['collection', ['redelivers']]],
    ['Source: orders from PubSub', ['queue', ['redelivers', true, false]]],
    ['Source: MyRMQSource', ['queue', ['redelivers', true, false]]],
    ['Source: Google Pub/Sub', ['queue', ['redelivers', true, false]]],
    ['Source: user-profiles', ['unknown', [true, false, 'redelivers']]],
    ['Source: ProfileSource', ['unknown', [true, false, 'redelivers']]],
    ['Source: my socket', ['socket', [false, true]]],
    ['Source: Kafka Source', ['kafka', [true, false]]],
    ['Source: Src', ['unknown', [true, false, 'redelivers']]],
    ['[1]:TableSourceScan(table=[[c, d, orders]], fields=[socket_id, file])', ['unknown', [true, false, 'redelivers']]],
    ["[1]:TableSourceScan(table=[[c, d, t, filter=[=(kind, 'csv')]]], fields=[id])", ['unknown', [true, false, 'redelivers']]],
    ['Source: TableSourceScan(table=[[c, d, orders_kafka, watermark=[at]]], fields=[socket_id])', ['kafka', [true, false]]],
    [
      '[1]:LegacyTableSourceScan(table=[[c, d, t, source: [CsvTableSource(read fields: id, socket)]]], fields=[id])',
      ['file', [true, false]],
    ],
  ])('%s', (name, expected) => {
    expect(sourceOf(name)).toEqual(expected)
  })
  it('takes the word of who knows the kind of a source for whether it replays', () => {
    const job = plan(node('a', 'Source: Parallel Collection Source'))
    const [role] = guessRoles(
      job,
      readAssumptions('vertices:\n  "Source: Parallel Collection Source": { kind: kafka }', job, 'a.yaml'),
    ).roles
    expect(role?.role === 'source' && role.replayable.possibilities).toEqual([true])
  })
  it('knows keyed operators and windows', () => {
    const window = 'Window(TumblingProcessingTimeWindows(5000), ProcessingTimeTrigger, Agg)'
    const { roles } = guessRoles(plan(node('a', 'Source: x'), node('b', 'Count', [['a', 'HASH']]), node('c', window, [['b', 'HASH']])))
    expect(roleOf(roles, 'Count')).toMatchObject({
      keyed: true,
      stateful: { value: true },
      deterministic: { possibilities: [true, false] },
    })
    expect(roleOf(roles, window)).toMatchObject({
      window: { assigner: 'tumbling', time: 'processing', sizeUs: 5_000_000 },
      deterministic: { possibilities: [false] },
    })
  })
})

describe('readWindowName', () => {
  it.each([
    [
      'Window(SlidingEventTimeWindows(10000, 2000), EventTimeTrigger, X)',
      { assigner: 'sliding', time: 'event', sizeUs: 10_000_000, slideUs: 2_000_000 },
    ],
    ['Window(EventTimeSessionWindows(3), EventTimeTrigger, X)', { assigner: 'session', time: 'event', sizeUs: 3_000 }],
    ['Window(GlobalWindows(trigger=NeverTrigger), CountTrigger, X)', { assigner: 'global', time: 'event' }],
    [
      'WindowAggregate(window=[HOP(time_col=[ts], size=[10 min], slide=[5 min])])',
      { assigner: 'sliding', time: 'event', sizeUs: 600_000_000, slideUs: 300_000_000 },
    ],
    ['Window(TumblingEventTimeWindows(0), EventTimeTrigger, X)', { assigner: 'tumbling', time: 'event' }],
    ['Window(SlidingEventTimeWindows(1000, 0), EventTimeTrigger, X)', { assigner: 'sliding', time: 'event', sizeUs: 1_000_000 }],
    ['WindowAggregate(window=[HOP(time_col=[ts], size=[0 s], slide=[0 s])])', { assigner: 'sliding', time: 'event' }],
    ['Map', undefined],
  ])('%s', (name, expected) => {
    expect(readWindowName(name)).toEqual(expected)
  })
})

describe('openQuestions', () => {
  it('asks what names do not settle, and about user code once', () => {
    expect(openQuestions(guessRoles(twoPhase)).map(({ vertex, question, possibilities }) => [vertex, question, possibilities])).toEqual([
      ['Source: Src', 'replayable', ['true', 'false', 'redelivers']],
      ['Sink: Writer', 'guarantee', ['EXACTLY_ONCE', 'AT_LEAST_ONCE', 'NONE']],
      ['Sink: Writer', 'transactionTimeout', ['none', 'shorter than an outage']],
      ['*', 'deterministic', ['true', 'false']],
    ])
  })
})

describe('the assume file', () => {
  const template = assumeTemplate(twoPhase)
  it('answers nothing as a template', () => {
    const answers = readAssumptions(template, twoPhase, 'assume.yaml')
    expect(openQuestions(guessRoles(twoPhase, answers))).toEqual(openQuestions(guessRoles(twoPhase)))
    expect(template).toMatch(/"Sink: Writer": # sink, parallelism 2\n {4}# kind: two-phase +# kafka \| file/)
  })
  it('answers everything when every line is uncommented', () => {
    const filled = template.replace(/^( +)# (\w+: )/gm, '$1$2')
    expect(openQuestions(guessRoles(twoPhase, readAssumptions(filled, twoPhase, 'assume.yaml')))).toEqual([])
  })
  it('takes names of any length', () => {
    const long = plan(node('a', `Source: ${'x'.repeat(2000)}`))
    const filled = assumeTemplate(long).replace('# replayable: true', 'replayable: false')
    expect(openQuestions(guessRoles(long, readAssumptions(filled, long, 'a')))).toEqual([])
  })
  it('remembers where an answer is', () => {
    const answers = readAssumptions('vertices:\n  "Sink: Writer":\n    guarantee: at-least-once\n', twoPhase, 'a.yaml')
    expect(roleOf(guessRoles(twoPhase, answers).roles, 'Sink: Writer')).toMatchObject({
      guarantee: { possibilities: ['AT_LEAST_ONCE'], because: 'assumed at a.yaml:3:16' },
    })
  })
  it.each([
    ['vertices:\n  Cuont: {}', /^a\.yaml:2:3: the plan has no 'Cuont' \(did you mean Count\?\); allowed: /],
    ['vertices:\n  Elsewhere: {}', /^a\.yaml:2:3: the plan has no 'Elsewhere'; allowed: .*Count/],
    ['vertices:\n  Count:\n    kind: kafka', /^a\.yaml:3:5: 'Count' has no question 'kind'; allowed: stateful, deterministic/],
    [
      'vertices:\n  "Source: Src":\n    kind: pulsar',
      /^a\.yaml:3:11: 'kind' cannot be 'pulsar'; allowed: kafka, file, collection, datagen, queue, socket, unknown/,
    ],
    [
      'vertices:\n  "Source: Src":\n    replayable: maybe',
      /^a\.yaml:3:17: 'replayable' cannot be 'maybe'; allowed: true, false, redelivers/,
    ],
    [
      'vertices:\n  "Sink: Writer":\n    transactionTimeout: soon',
      /^a\.yaml:3:25: 'transactionTimeout' cannot be 'soon'; allowed: none, or a duration/,
    ],
    ['vertexes: {}', /^a\.yaml:1:1: unknown section 'vertexes'; allowed: vertices, userCode/],
    ['vertices: [1]', /^a\.yaml:1:11: no mapping/],
    ['vertices: {', /^a\.yaml:\d+:\d+: not YAML/],
    ['userCode:\n  deterministic: often', /^a\.yaml:2:18: 'deterministic' cannot be 'often'/],
  ])('%j', (text, message) => {
    expect(() => readAssumptions(text, twoPhase, 'a.yaml')).toThrow(message)
  })
  it('may not contradict the plan', () => {
    const plain = plan(node('a', 'Source: x'), node('b', 'Sink: Writer', [['a', 'FORWARD']]))
    const answers = readAssumptions('vertices:\n  "Sink: Writer":\n    guarantee: EXACTLY_ONCE', plain, 'a.yaml')
    expect(() => guessRoles(plain, answers)).toThrow(
      "a.yaml:3:16: sink 'Sink: Writer' cannot be EXACTLY_ONCE: the plan shows no committer; allowed: AT_LEAST_ONCE, NONE",
    )
  })
  it.each([
    ['kafka', 'none', "a transaction of Kafka always times out; allowed: a duration such as '1 h' (transaction.timeout.ms)"],
    ['file', '15 min', 'pending files do not time out; allowed: none'],
  ])('gives a %s sink no transaction timeout of %s', (kind, timeout, message) => {
    const answered = (answer: string) => {
      const text = `vertices:\n  "Sink: Writer": { kind: ${kind}, guarantee: EXACTLY_ONCE, transactionTimeout: ${answer} }`
      return guessRoles(twoPhase, readAssumptions(text, twoPhase, 'a.yaml'))
    }
    expect(() => answered(timeout)).toThrow(message)
    expect(() => answered(timeout === 'none' ? '15 min' : 'none')).not.toThrow()
  })
  it.each([
    ['socket', true, 'a socket source does not replay; allowed: false'],
    ['socket', 'redelivers', 'a socket source does not replay; allowed: false'],
    ['kafka', 'redelivers', 'a kafka source replays, or does not replay; allowed: true, false'],
    ['collection', false, 'a collection source replays, or delivers again what was not acknowledged; allowed: true, redelivers'],
    ['queue', 'maybe', "'replayable' cannot be 'maybe'; allowed: true, false, redelivers"],
  ])('has no %s source of which `replayable` is %s', (kind, replayable, message) => {
    const text = `vertices:\n  "Source: Src": { kind: ${kind}, replayable: ${String(replayable)} }`
    expect(() => guessRoles(twoPhase, readAssumptions(text, twoPhase, 'a.yaml'))).toThrow(message)
  })
  it('lets a source whose name only hints at its kind do anything', () => {
    const kafka = plan(node('a', 'Source: kafka-orders'), node('b', 'Sink: x', [['a', 'FORWARD']]))
    const text = 'vertices:\n  "Source: kafka-orders": { replayable: redelivers }'
    const { roles } = guessRoles(kafka, readAssumptions(text, kafka, 'a.yaml'))
    expect(roleOf(roles, 'Source: kafka-orders')).toMatchObject({ replayable: { possibilities: ['redelivers'] } })
    expect(assumeTemplate(kafka)).toMatch(/# replayable: true +# true \| false \| redelivers/)
    expect(assumeTemplate(plan(node('a', 'Source: Socket Stream')))).toMatch(/# replayable: false +# false \(/)
  })
  it('may give a sink whose name hints at files a timeout, and then it is none', () => {
    const files = plan(node('a', 'Source: x'), node('b', 'files: Writer -> files: Committer', [['a', 'FORWARD']]))
    const answered = (answers: string) =>
      guessRoles(files, readAssumptions(`vertices:\n  "files: Writer": { ${answers} transactionTimeout: 15 min }`, files, 'a.yaml'))
    expect(() => answered('')).not.toThrow()
    expect(() => answered('kind: two-phase,')).not.toThrow()
    expect(() => answered('kind: file,')).toThrow('pending files do not time out; allowed: none')
  })
  it('may say that a sink on the old interface writes files without committing them', () => {
    const old = plan(node('a', 'Source: x'), node('b', 'Sink: csv-out', [['a', 'FORWARD']]))
    const guaranteeUnder = (answers: string) => {
      const { roles } = guessRoles(old, readAssumptions(`vertices:\n  "Sink: csv-out": { ${answers} }`, old, 'a.yaml'))
      const [, sink] = roles
      return sink?.role === 'sink' ? sink.guarantee.possibilities : []
    }
    expect(guaranteeUnder('kind: file')).toEqual(['EXACTLY_ONCE', 'NONE'])
    expect(guaranteeUnder('kind: file, guarantee: NONE')).toEqual(['NONE'])
  })
  it('is not offered an answer that is refused', () => {
    const templateOf = (sink: string) =>
      assumeTemplate(plan(node('a', 'Source: x'), node('b', `${sink}: Writer -> ${sink}: Committer`, [['a', 'FORWARD']])))
    expect(templateOf('Kafka Sink')).toMatch(/# transactionTimeout: 1 h +# a duration such as '15 min' \(/)
    expect(templateOf('File Sink')).toMatch(/# transactionTimeout: none +# none \| a duration such as '15 min' \(/)
    expect(templateOf('Sink')).toMatch(/# transactionTimeout: none +# none \| a duration such as '15 min' \(/)
  })
})
