/** docs/command-line.md says what there is: every verb, option, exit code and JSON field, and nothing else. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { EXIT } from '../../src/cli/exit-codes.js'
import { newProgram } from '../../src/cli/program.js'
import { PRECONDITIONS } from '../../src/guarantees/preconditions.js'
import { plain } from '../../src/report/index.js'
import { documentOf, FIXTURES, folder, inThisProcess } from './millrace.js'

const { path: here, removed } = folder()
afterAll(removed)

const page = readFileSync('docs/command-line.md', 'utf8')
const [introduction = '', ...chapters] = page.split(/^## /m)
const chapterOf = new Map(chapters.map((chapter) => [/^\S+/.exec(chapter)?.[0] ?? '', chapter]))
const none = (): void => {}
const program = newProgram({ out: none, document: none, note: none, raw: none, paint: plain, refreshes: false }, none)

/** Names in the first column of a chapter's table with this heading. */
function named(chapter: string, heading: string): string[] {
  const table = chapter.split('\n\n').find((block) => block.startsWith(`| ${heading} `)) ?? ''
  const cells = table
    .split('\n')
    .slice(2)
    .map((row) => row.split('|')[1] ?? '')
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name))
}

describe('the page about concepts', () => {
  it('has every precondition by the name that reports give it', () => {
    expect(named(readFileSync('docs/concepts.md', 'utf8'), 'name in reports').toSorted()).toEqual(PRECONDITIONS.toSorted())
  })
})

describe('the page about the command line', () => {
  it('has a chapter for every verb', () => {
    expect([...chapterOf.keys()]).toEqual(program.commands.map((command) => command.name()))
  })

  it('has every exit code', () => {
    const codes = [...introduction.matchAll(/^\| (\d+) /gm)].map(([, code]) => Number(code))
    expect(codes).toEqual(Object.values(EXIT).sort((a, b) => a - b))
  })

  it.each(program.commands.map((command) => [command.name(), command] as const))('%s: has every option and argument', (name, command) => {
    const chapter = chapterOf.get(name) ?? ''
    expect(named(chapter, 'option').sort()).toEqual(command.options.map(({ flags }) => flags).sort())
    for (const argument of command.registeredArguments) {
      expect(chapter).toContain(`millrace ${name} ${argument.required ? `<${argument.name()}>` : `[${argument.name()}]`}`)
    }
  })

  const out = ['--workers', '1', '--runs', '1', '--output', join(here, 'out'), '--failures', join(here, 'failures')]
  const plan = join(FIXTURES, 'rest/alo-skew-append')
  it.each([
    ['run', ['run', ...out, '--plan', plan, '--json'], ['retried', 'shard', 'determinism']],
    ['check', ['check', 'file-to-file', '--states', '50', '--json'], []],
    ['replay', ['replay', 'mr1.word-count.aligned.1-0', '--json'], ['parting', 'traceHashAgain', 'drift', 'priorities']],
    ['shrink', ['shrink', 'mr1.kafka-transaction-timeout.aligned.1-3', '--runs', '5', '--json'], ['stored', 'priorities']],
    ['verify', ['verify', join(FIXTURES, 'recordings/eo-aligned-2pc'), '--json'], ['refused']],
    ['import', ['import', plan, '--assume-out', join(here, 'assume.yaml'), '--json'], []],
  ])('%s: has every field of the JSON document', async (verb, words, onlySometimes) => {
    const fields = Object.keys(documentOf(await inThisProcess(words)))
    expect(named(chapterOf.get(verb) ?? '', 'field of the JSON document').sort()).toEqual(expect.arrayContaining(fields))
    const unknown = named(chapterOf.get(verb) ?? '', 'field of the JSON document').filter((name) => !fields.includes(name))
    expect(unknown.sort()).toEqual([...onlySometimes].sort())
  })

  it('list: has every field of the JSON document', async () => {
    for (const field of Object.keys(documentOf(await inThisProcess(['list', '--json'])))) {
      expect(chapterOf.get('list')).toContain(`\`${field}\``)
    }
  })
})
