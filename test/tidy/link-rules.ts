/** Links in the documentation lead somewhere, and keep doing so when lines move. */
import { posix } from 'node:path'
import type { ProjectFile } from './project-files.js'

const link = /!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g

/** What a documentation check asks about the rest of the project. */
export interface Project {
  exists(path: string): boolean
  text(path: string): string
}

/** Relative links of a Markdown file that lead nowhere, and links to line numbers, which move. */
export function brokenLinks(file: ProjectFile, project: Project): string[] {
  return withoutCode(file.text)
    .split('\n')
    .flatMap((line, index) =>
      [...line.matchAll(link)].flatMap(([, target = '']) => {
        const wrong = wrongTarget(target, file, project)
        return wrong === undefined ? [] : [`${file.path}:${index + 1}: ${target} ${wrong}`]
      }),
    )
}

function wrongTarget(target: string, file: ProjectFile, project: Project): string | undefined {
  if (/^(https?|mailto):/.test(target)) return undefined
  const [path = '', anchor] = target.split('#')
  if (anchor !== undefined && /^L\d+/.test(anchor)) return 'points to a line number, which moves; name the function instead'
  const resolved = path === '' ? file.path : posix.normalize(posix.join(posix.dirname(file.path), path))
  if (resolved.startsWith('..')) return 'leads out of the project'
  if (!project.exists(resolved)) return 'does not exist'
  if (anchor === undefined || !resolved.endsWith('.md')) return undefined
  return headings(project.text(resolved)).includes(anchor) ? undefined : 'names a heading that is not there'
}

/** The text with code blocks and code spans blanked out, line by line. */
function withoutCode(text: string): string {
  return text
    .replace(/^(```|~~~)[\s\S]*?^\1/gm, (block) => block.replace(/[^\n]/g, ' '))
    .replace(/`[^`\n]*`/g, (span) => ' '.repeat(span.length))
}

/** Anchors of the headings of a Markdown text, as hosting sites make them. */
function headings(text: string): string[] {
  return [...text.matchAll(/^#+\s+(.*)$/gm)].map(([, title = '']) =>
    title
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}
