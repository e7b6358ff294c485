/** Laws that a file's name and plain text can break. Each takes a file and gives complaints, `path:line: what is wrong`. */
import type { ProjectFile } from './project-files.js'

/** Lines a file may have. */
export const MAX_FILE_LINES = 400

/** No file is longer than one can hold in one's head. */
export function tooLong({ path, text }: ProjectFile): string[] {
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
  return lines > MAX_FILE_LINES ? [`${path}:${lines}: ${lines} lines, at most ${MAX_FILE_LINES}: it holds more than one concept`] : []
}

/** Every file ends with exactly one line break, and no line ends in blanks (in Markdown two of them are a line break). */
export function badEnding({ path, text }: ProjectFile): string[] {
  const complaints = text === '' || (text.endsWith('\n') && !text.endsWith('\n\n')) ? [] : [`${path}: does not end with one line break`]
  if (path.endsWith('.md')) return complaints
  return [...complaints, ...linesMatching({ path, text }, /[ \t\r]$/, 'blanks at the end of the line')]
}

/** A file is named by its subject. */
export function forbiddenName(path: string): string[] {
  const name = /(^|\/)((utils?|helpers?|types|misc|common)\.[a-z.]+$|(utils?|helpers?|common|misc)\/)/.exec(path)
  return name === null ? [] : [`${path}: name it by its subject, not ${name[2] ?? ''}`]
}

// Written in two halves, so that this file does not find itself.
const foreign: readonly (readonly [pattern: RegExp, what: string])[] = [
  [new RegExp('(^|[\\s"\'`(=])/(wo' + 'rk|ro' + 'ot|ho' + 'me)/'), 'an absolute path of one machine'],
  [new RegExp('registry\\.' + 'npmjs|registry\\.' + 'yarnpkg|artif' + 'actory', 'i'), 'the host of a package registry'],
  [new RegExp('\\biss' + 'ue\\s+#?\\d', 'i'), 'the number of an issue'],
]

/** The project speaks of itself alone: nothing names a machine, a registry or a work item. */
export function foreignText(file: ProjectFile): string[] {
  return foreign.flatMap(([pattern, what]) => linesMatching(file, pattern, `names ${what}`))
}

/** A rule is only switched off with its reason: `eslint-disable-next-line rule -- reason`. */
export function unexplainedDisable(file: ProjectFile): string[] {
  return linesMatching(
    file,
    new RegExp('eslint-' + 'disable(?!.* -- \\S)|@ts-' + '(ignore|nocheck)|@ts-' + 'expect-error\\s*$'),
    'switches a check off without a reason',
  )
}

function linesMatching({ path, text }: ProjectFile, pattern: RegExp, what: string): string[] {
  return text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${what}`] : []))
}
