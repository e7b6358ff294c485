import { LineCounter, isMap, isScalar, parseDocument, type ParsedNode, type YAMLMap } from 'yaml'
import { durationSyntax, parseDuration } from '../configuration/duration.js'
import { InputError } from '../input-error.js'
import { didYouMean } from '../nearest-name.js'
import type { ImportedPlan } from '../plan/imported-plan.js'
import type { Answer, Assumptions, OperatorAnswers, SinkAnswers, SourceAnswers } from './answers.js'
import { partsOf, type Part } from './part.js'
import { deliveryGuarantees, replays, sinkKinds, sourceKinds } from './role.js'

/** One `question: answer` with the place of each. */
interface Line {
  readonly question: string
  readonly at: string
  readonly text: string
  readonly where: string
}

/**
 * Reads an assume file against the plan it is about.
 * @throws InputError with line and column for what is not YAML, an unknown part (with the nearest name, if one is like it), an unknown
 * question or an answer that is not allowed
 */
export function readAssumptions(text: string, plan: ImportedPlan, path: string): Assumptions {
  const reader = new AssumeFile(text, path)
  const parts = new Map(partsOf(plan).parts.map((part) => [part.label, part]))
  const sources = new Map<string, SourceAnswers>()
  const sinks = new Map<string, SinkAnswers>()
  const operators = new Map<string, OperatorAnswers>()
  for (const [label, at, node] of reader.section('vertices')) {
    const part = parts.get(label)
    if (part === undefined) {
      const known = [...parts.keys()]
      throw new InputError(at, `the plan has no '${label}'${didYouMean(label, known)}`, known.join(', '))
    }
    const lines = reader.lines(node)
    if (part.kind === 'source') sources.set(label, sourceAnswers(lines, part))
    else if (part.kind === 'sink') sinks.set(label, sinkAnswers(lines, part))
    else operators.set(label, operatorAnswers(lines, part))
  }
  const userCode = questions(reader.lines(reader.node('userCode')), 'userCode', ['deterministic'])
  const deterministic = optional('userCodeDeterministic', booleanOf(userCode.get('deterministic')))
  return { sources, sinks, operators, ...deterministic }
}

function sourceAnswers(lines: readonly Line[], part: Part): SourceAnswers {
  const found = questions(lines, part.label, ['kind', 'replayable'])
  return { ...optional('kind', oneOf(found.get('kind'), sourceKinds)), ...optional('replayable', oneOf(found.get('replayable'), replays)) }
}

function sinkAnswers(lines: readonly Line[], part: Part): SinkAnswers {
  const found = questions(lines, part.label, ['kind', 'guarantee', 'transactionTimeout'])
  return {
    ...optional('kind', oneOf(found.get('kind'), sinkKinds)),
    ...optional('guarantee', oneOf(found.get('guarantee'), deliveryGuarantees)),
    ...optional('transactionTimeout', timeoutOf(found.get('transactionTimeout'))),
  }
}

function operatorAnswers(lines: readonly Line[], part: Part): OperatorAnswers {
  const found = questions(lines, part.label, ['stateful', 'deterministic'])
  return { ...optional('stateful', booleanOf(found.get('stateful'))), ...optional('deterministic', booleanOf(found.get('deterministic'))) }
}

function questions(lines: readonly Line[], label: string, known: readonly string[]): Map<string, Line> {
  for (const line of lines) {
    if (!known.includes(line.question)) throw new InputError(line.at, `'${label}' has no question '${line.question}'`, known.join(', '))
  }
  return new Map(lines.map((line) => [line.question, line]))
}

function oneOf<T extends string | boolean>(line: Line | undefined, allowed: readonly T[]): Answer<T> | undefined {
  if (line === undefined) return undefined
  const plain = (text: string): string => text.toLowerCase().replaceAll('-', '_')
  const value = allowed.find((candidate) => plain(String(candidate)) === plain(line.text))
  if (value === undefined) throw new InputError(line.where, `'${line.question}' cannot be '${line.text}'`, allowed.join(', '))
  return { value, where: line.where }
}

function booleanOf(line: Line | undefined): Answer<boolean> | undefined {
  return oneOf(line, [true, false])
}

function timeoutOf(line: Line | undefined): Answer<string> | undefined {
  if (line === undefined) return undefined
  if (line.text !== 'none' && parseDuration(line.text) === undefined) {
    throw new InputError(line.where, `'${line.question}' cannot be '${line.text}'`, `none, or ${durationSyntax}`)
  }
  return { value: line.text, where: line.where }
}

function optional<K extends string, T>(key: K, answer: Answer<T> | undefined): Partial<Record<K, Answer<T>>> {
  const record: Partial<Record<K, Answer<T>>> = {}
  if (answer !== undefined) record[key] = answer
  return record
}

/** The YAML of an assume file, with places. */
class AssumeFile {
  private readonly places = new LineCounter()
  private readonly root: YAMLMap.Parsed | undefined

  constructor(
    text: string,
    private readonly path: string,
  ) {
    const document = parseDocument(text, { lineCounter: this.places, schema: 'failsafe', prettyErrors: false })
    const fault = document.errors[0]
    if (fault !== undefined)
      throw new InputError(this.place(fault.pos[0]), `not YAML, ${fault.message}`, 'an assume file as `millrace import` writes it')
    this.root = this.mapping(document.contents, "'vertices' and 'userCode'")
    for (const [name, at] of this.entries(this.root)) {
      if (name !== 'vertices' && name !== 'userCode') throw new InputError(at, `unknown section '${name}'`, 'vertices, userCode')
    }
  }

  node(section: string): ParsedNode | null {
    return this.root?.items.find((item) => isScalar(item.key) && String(item.key.value) === section)?.value ?? null
  }

  section(name: string): (readonly [name: string, at: string, value: ParsedNode | null])[] {
    return this.entries(this.mapping(this.node(name), 'names of the plan, each with its answers'))
  }

  lines(node: ParsedNode | null): Line[] {
    return this.entries(this.mapping(node, 'questions with their answers')).map(([question, at, value]) => {
      if (!isScalar(value)) throw new InputError(at, `'${question}' has no plain answer`, 'one value')
      return { question, at, text: typeof value.value === 'string' ? value.value.trim() : '', where: this.place(value.range[0]) }
    })
  }

  private entries(map: YAMLMap.Parsed | undefined): (readonly [string, string, ParsedNode | null])[] {
    return (map?.items ?? []).map(({ key, value }) => {
      if (!isScalar(key)) throw new InputError(this.place(key.range[0]), 'a key that is not plain text', 'a name')
      return [String(key.value), this.place(key.range[0]), value]
    })
  }

  /** A mapping, or nothing where everything below is commented out. */
  private mapping(node: ParsedNode | null, expected: string): YAMLMap.Parsed | undefined {
    if (node === null || (isScalar(node) && (node.value === '' || node.value === null))) return undefined
    if (!isMap(node)) throw new InputError(this.place(node.range[0]), 'no mapping', expected)
    return node
  }

  private place(offset: number): string {
    const { line, col } = this.places.linePos(offset)
    return `${this.path}:${String(line)}:${String(col)}`
  }
}
