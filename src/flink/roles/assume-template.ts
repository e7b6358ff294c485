import type { ImportedPlan } from '../plan/imported-plan.js'
import { guessRoles } from './guess-roles.js'
import { isSettled, type Guess } from './guess.js'
import { deliveryGuarantees, sinkKinds, sourceKinds, type Role } from './role.js'
import { isSurelyFile } from './sink-role.js'
import { possibleReplays } from './source-role.js'

/**
 * The assume file of a job as a template: every question as a commented line with the best guess. Uncommenting a line answers it.
 */
export function assumeTemplate(plan: ImportedPlan): string {
  const { roles } = guessRoles(plan)
  const undecided = roles.some((role) => role.role === 'operator' && role.deterministic.possibilities.length > 1)
  return [
    `# What the plan of '${oneLine(plan.name)}' does not tell. Each commented line is a best guess: remove its '#' and correct it.`,
    '# A question marked as open and not answered is covered in its possibilities, the likeliest first.',
    '',
    ...(undecided
      ? [
          'userCode:',
          '  # deterministic: true                   # true | false: the same records in the same order give the same output',
          '',
        ]
      : []),
    'vertices:',
    ...roles.flatMap(linesOf),
    '',
  ].join('\n')
}

function linesOf(role: Role): string[] {
  const { label, parallelism } = role.part
  return [`  ${keyText(label)}: # ${role.role}, parallelism ${String(parallelism)}`, ...questionLines(role)]
}

/** A name as a YAML key; YAML takes keys of more than 1024 characters only in their explicit form. */
function keyText(label: string): string {
  const quoted = JSON.stringify(label)
  return quoted.length < 1000 ? quoted : `? ${quoted}\n  `
}

function questionLines(role: Role): string[] {
  switch (role.role) {
    case 'source':
      return [line('kind', role.kind, sourceKinds), line('replayable', role.replayable, possibleReplays(role.kind))]
    case 'sink':
      return [
        line('kind', role.kind, sinkKinds),
        line('guarantee', role.guarantee, deliveryGuarantees),
        line('transactionTimeout', role.transactionTimeout, [
          ...(role.transactionTimeout.value !== 'none' && role.kind.value === 'kafka' ? [] : ['none']),
          ...(isSurelyFile(role.kind) ? [] : ["a duration such as '15 min'"]),
        ]),
      ]
    case 'operator':
      return [line('stateful', role.stateful, [true, false]), line('deterministic', role.deterministic, [true, false])]
  }
}

function line(question: string, guess: Guess<string | boolean>, allowed: readonly (string | boolean)[]): string {
  const known = isSettled(guess) ? guess.because : `${guess.because}; open`
  return `    ${`# ${question}: ${String(guess.value)}`.padEnd(37)} # ${allowed.map(String).join(' | ')} (${known})`
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}
