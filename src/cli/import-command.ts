/** `millrace import`: shows how the plan and configuration of a job are understood, and what they leave open. */
import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { assumeTemplate, importJob, InputError, type JobDescription } from '../flink/index.js'
import { DOCUMENT_SCHEMA, textTable, type Paint } from '../report/index.js'
import { EXIT } from './exit-codes.js'
import { addConfigurationOptions, inputs, type JobOptions } from './job-options.js'
import { adviceOn, problemInWords } from './job-report.js'
import { checkWritableFile, writeWhole } from './output-directory.js'
import type { Terminal } from './terminal.js'

interface ImportOptions extends JobOptions {
  readonly assumeOut?: string
  readonly json?: true
}

/** Adds the verb. */
export function addImportCommand(program: Command, terminal: Terminal, done: (exitCode: number) => void): void {
  const command = program
    .command('import')
    .description('show how the plan and the configuration of a job are understood, and what they leave open')
    .argument('<plan>', 'a plan file, a folder of REST answers, or the address of a running job')
    .option('--assume-out <file>', 'write a template for the answers that no plan gives')
    .option('--json', 'print one JSON document')
  addConfigurationOptions(command).action(async (plan: string, options: ImportOptions) => done(await showImport(plan, options, terminal)))
}

async function showImport(plan: string, options: ImportOptions, terminal: Terminal): Promise<number> {
  const { assumeOut } = options
  if (assumeOut !== undefined) {
    if (existsSync(assumeOut)) throw new InputError('--assume-out', `'${assumeOut}' exists and may hold answers`, 'a new file')
    checkWritableFile(assumeOut, '--assume-out')
  }
  const description = await importJob(inputs(plan, options))
  if (assumeOut !== undefined) writeWhole(assumeOut, assumeTemplate(description.plan))
  if (options.json === true)
    terminal.document({ ...importDocument(description), ...(assumeOut !== undefined && { assumeFile: assumeOut }) })
  else
    terminal.out([
      ...importText(description, terminal.paint),
      ...(assumeOut === undefined ? [] : ['', `questions with best guesses written to ${assumeOut}`]),
    ])
  return EXIT.holds
}

function importDocument({ plan, reduced, effective, roles, open, possibilities, problems, notes }: JobDescription) {
  return {
    schema: DOCUMENT_SCHEMA,
    name: plan.name,
    type: plan.type,
    form: plan.form,
    vertices: plan.vertices.map((vertex) => ({ ...vertex, simulatedParallelism: parallelismOf(reduced, vertex.id) })),
    roles: roles.roles,
    configuration: effective.values,
    questions: open,
    possibilities: possibilities.combinations.map(({ condition, answers }) => ({ condition, answers })),
    possibilitiesInAll: possibilities.total,
    problems,
    notes,
    advice: adviceOn(possibilities.combinations),
  }
}

function parallelismOf({ plan }: JobDescription['reduced'], id: string): number | undefined {
  return plan.vertices.find((vertex) => vertex.id === id)?.parallelism
}

function importText(description: JobDescription, paint: Paint): string[] {
  const { plan, open, possibilities, problems, notes } = description
  return [
    `${paint.bold(plan.name)}: ${plan.type.toLowerCase()} job, ${plan.form}`,
    '',
    ...vertexLines(description, paint),
    '',
    ...configurationLines(description, paint),
    '',
    ...section(
      'open questions',
      open.map(({ vertex, question, possibilities: answers, because }) => `${vertex} ${question}: ${answers.join(' | ')} (${because})`),
    ),
    ...(open.length === 0
      ? []
      : [`  ${String(possibilities.combinations.length)} of ${String(possibilities.total)} possibilities are run`, '']),
    ...section('cannot be checked', problems.map(problemInWords)),
    ...section('to know', adviceOn(possibilities.combinations)),
    ...section('notes', notes),
  ]
}

function vertexLines({ plan, reduced }: JobDescription, paint: Paint): string[] {
  const nameOf = (id: string): string => plan.vertices.find((vertex) => vertex.id === id)?.name ?? id
  return textTable(
    [{ heading: 'vertex' }, { heading: 'parallelism', align: 'right' }, { heading: 'simulated', align: 'right' }, { heading: 'inputs' }],
    plan.vertices.map(({ id, name, parallelism, inputs: edges }) => [
      shortened(name),
      String(parallelism),
      String(parallelismOf(reduced, id) ?? ''),
      edges.map(({ from, ship }) => `${ship} ${shortened(nameOf(from))}`).join(', '),
    ]),
    paint.bold,
  )
}

function configurationLines({ effective }: JobDescription, paint: Paint): string[] {
  return textTable(
    [{ heading: 'configuration' }, { heading: 'value' }, { heading: 'origin' }],
    effective.values.map(({ key, value, origin, isDefault, noEffect }) => {
      const painted = isDefault ? paint.dim : (text: string): string => text
      return [key, { text: value, painted }, { text: noEffect === undefined ? origin : `${origin}; no effect: ${noEffect}`, painted }]
    }),
    paint.bold,
  )
}

/** Names of chains may be very long. */
function shortened(name: string): string {
  return name.length <= 60 ? name : `${name.slice(0, 59)}…`
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`), '']
}
