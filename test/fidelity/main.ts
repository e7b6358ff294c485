/**
 * `npm run fidelity -- [--json] [--seeds N] [--only NAME]… [--write] [--recordings DIR]`: rebuilds the scenario of each recording,
 * simulates it under many seeds, and compares the protocol facts of both. Exit code 1 when a difference is not a known one.
 */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { compare, unneeded, type Comparison } from './comparison.js'
import { fidelityPage } from './fidelity-table.js'
import { classInWords } from './outcome-class.js'
import { readRecordedRun, recordingsOf } from './recorded-facts.js'
import { readSeenAnswers, seenAnswersOf } from './seen-answers.js'

const OPTIONS = {
  json: { type: 'boolean' },
  seeds: { type: 'string' },
  only: { type: 'string', multiple: true },
  write: { type: 'boolean' },
  recordings: { type: 'string' },
} as const
const values = readOptions()
const root = join(import.meta.dirname, '../../..')
const beside = join(root, '..', 'shared', 'recordings')
const folder = values.recordings ?? (existsSync(beside) ? beside : join(root, 'test', 'fixtures', 'recordings'))
const seeds = Number(values.seeds ?? 200)
const names = recordingsOf(folder)
const unknown = (values.only ?? []).filter((name) => !names.includes(name))
if (names.length === 0) refuse(`${folder}: there are no recordings`)
else if (unknown.length > 0) refuse(`there is no recording ${unknown.join(', ')}; there are ${names.join(', ')}`)
else if (!Number.isInteger(seeds) || seeds <= 0) refuse(`--seeds ${String(values.seeds)}: a whole number above 0 is needed`)
else if (values.write === true && values.only !== undefined) refuse('--write makes the page of all recordings: leave --only out')
else run()

/** An option that is not known ends the command with a word about it. */
function readOptions(): ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'] {
  try {
    return parseArgs({ options: OPTIONS }).values
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    process.exit(2)
  }
}

function refuse(why: string): void {
  console.error(why)
  process.exitCode = 2
}

function run(): void {
  const runs = names.map((name) => readRecordedRun(folder, name))
  const chosen = runs.filter(({ name }) => values.only === undefined || values.only.includes(name))
  const answersFile = join(root, 'test', 'fidelity', 'recorded-answers.json')
  const seen = [seenAnswersOf(runs), readSeenAnswers(answersFile)]
  const told = values.json === true ? undefined : (name: string) => console.error(`${name} …`)
  const comparison = compare(chosen, seen, seeds, told)
  if (values.write === true) {
    writeFileSync(join(root, 'docs', 'fidelity.md'), fidelityPage(comparison))
    writeFileSync(answersFile, `${JSON.stringify(seenAnswersOf(runs), undefined, 2)}\n`)
  }
  if (values.json === true) console.log(JSON.stringify(documentOf(comparison)))
  else print(comparison)
  process.exitCode = comparison.differences.every(({ because }) => because !== undefined) ? 0 : 1
}

function print(comparison: Comparison): void {
  for (const { name, simulated, inClass, outcome } of comparison.recordings) {
    console.log(
      `${name.padEnd(32)} ${String(simulated.classes.length).padStart(3)} classes; ${String(inClass)} of ${String(seeds)} runs: ${classInWords(outcome)}`,
    )
  }
  for (const { name, because } of comparison.notSimulated) console.log(`${name.padEnd(32)} not simulated: ${because}`)
  for (const { where, fact, what, because } of comparison.differences) {
    console.log(`${because === undefined ? 'DIFFERENCE' : 'known     '} ${where}: ${fact}: ${what}`)
  }
  if (values.write === true) for (const fact of unneeded(comparison)) console.log(`no longer a difference: ${fact}`)
}

function documentOf({ recordings, notSimulated, differences }: Comparison): unknown {
  return {
    schema: 1,
    seeds,
    recordings: recordings.map(({ name, group, recorded, simulated, outcome, inClass, never }) => ({
      name,
      group,
      facts: [...recorded].map(([fact, answer]) => ({
        fact,
        recorded: answer,
        simulated: Object.fromEntries(simulated.answers.get(fact) ?? []),
      })),
      class: outcome,
      runsInClass: inClass,
      classes: simulated.classes.length,
      never,
    })),
    notSimulated,
    differences,
  }
}
