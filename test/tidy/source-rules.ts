/** Laws that only the syntax tree shows. Each takes a TypeScript file and gives complaints, `path:line: what is wrong`. */
import { posix } from 'node:path'
import ts from 'typescript'
import type { ProjectFile } from './project-files.js'

/** Lines a function may have. */
export const MAX_FUNCTION_LINES = 70

/**
 * Functions and methods that are too long to be read in one go. A function that returns an object with methods (a behavior, an
 * operator) is read like a class: each method counts for itself, and not for the function around it.
 */
export function longFunctions(file: ProjectFile): string[] {
  return inspect(file, (node, source) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return undefined
    const lines = linesOf(node, source) - linesOfMethods(node, source)
    return lines > MAX_FUNCTION_LINES ? `${nameOf(node)} has ${lines} lines, at most ${MAX_FUNCTION_LINES}` : undefined
  })
}

/** Type assertions (`as const` is none) and `any`. */
export function castsAndAnys(file: ProjectFile): string[] {
  return inspect(file, (node) => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) return 'any'
    if (ts.isTypeAssertionExpression(node)) return 'a type assertion'
    if (ts.isAsExpression(node) && !ts.isConstTypeReference(node.type)) return 'a type assertion'
    if (ts.isNonNullExpression(node)) return 'a non-null assertion'
    return undefined
  })
}

/**
 * Exported declarations without a doc comment. Overloads are documented once; the export that a file is named after is documented
 * by the comment that opens the file (`barrierAligner` in barrier-aligner.ts).
 */
export function undocumentedExports(file: ProjectFile): string[] {
  const subject = file.text.startsWith('/**') ? posix.basename(file.path, '.ts').replaceAll('-', '') : ''
  const seen = new Set<string>()
  return inspect(file, (node) => {
    if (!isExportedDeclaration(node)) return undefined
    const name = declaredName(node)
    if (seen.has(name) || subject.endsWith(name.toLowerCase())) return undefined
    seen.add(name)
    return ts.getJSDocCommentsAndTags(node).some(ts.isJSDoc) ? undefined : `export ${name} has no doc comment`
  })
}

/** An index.ts opens with a comment that says what lives in its room. */
export function missingHeader({ path, text }: ProjectFile): string[] {
  return /^\/\*\*[\s\S]{40,}?\*\//.test(text) ? [] : [`${path}:1: does not open with a comment that says what lives here`]
}

/** Tests that are skipped without a reason in their name, or that keep all others from running. */
export function unexplainedSkips(file: ProjectFile): string[] {
  return inspect(file, (node) => {
    if (!ts.isCallExpression(node)) return undefined
    const modifiers = modifiersOfTest(node.expression)
    if (modifiers.includes('only')) return 'only this test would run'
    if (!modifiers.some((modifier) => modifier === 'skip' || modifier === 'skipIf' || modifier === 'runIf')) return undefined
    const [title] = node.arguments
    if (title === undefined || !ts.isStringLiteralLike(title)) return undefined // skipIf(condition): the title is in the outer call
    return /because|until|without|needs/.test(title.text)
      ? undefined
      : `"${title.text}" is skipped without a reason (because, until, without, needs) in its name`
  })
}

/** `['skipIf', 'each']` for `it.skipIf(x).each(y)`; nothing when the callee is no test function. */
function modifiersOfTest(callee: ts.Expression): string[] {
  if (ts.isCallExpression(callee)) return modifiersOfTest(callee.expression)
  if (!ts.isPropertyAccessExpression(callee)) return []
  const root = rootOf(callee)
  if (!ts.isIdentifier(root) || !['it', 'test', 'describe'].includes(root.text)) return []
  return [...modifiersOfTest(callee.expression), callee.name.text]
}

function rootOf(expression: ts.Expression): ts.Expression {
  if (ts.isPropertyAccessExpression(expression) || ts.isCallExpression(expression)) return rootOf(expression.expression)
  return expression
}

function isExportedDeclaration(node: ts.Node): boolean {
  const declares =
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isVariableStatement(node)
  return declares && (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword)
}

function declaredName(node: ts.Node): string {
  if (ts.isVariableStatement(node)) return node.declarationList.declarations.map((declaration) => declaration.name.getText()).join(', ')
  return nameOf(node)
}

function nameOf(node: ts.Node): string {
  const name = ts.getNameOfDeclaration(node as ts.Declaration)
  return name === undefined ? `a ${ts.SyntaxKind[node.kind]}` : name.getText()
}

function linesOf(node: ts.Node, source: ts.SourceFile): number {
  return lineOf(source, node.getEnd()) - lineOf(source, node.getStart(source)) + 1
}

/** Lines below `node` that belong to methods of objects written there. */
function linesOfMethods(node: ts.Node, source: ts.SourceFile): number {
  let lines = 0
  ts.forEachChild(node, (child) => {
    lines += isMethodOfObject(child) ? linesOf(child, source) : linesOfMethods(child, source)
  })
  return lines
}

function isMethodOfObject(node: ts.Node): boolean {
  if (!ts.isObjectLiteralExpression(node.parent)) return false
  if (ts.isMethodDeclaration(node)) return true
  return ts.isPropertyAssignment(node) && ts.isFunctionLike(node.initializer)
}

function lineOf(source: ts.SourceFile, position: number): number {
  return source.getLineAndCharacterOfPosition(position).line + 1
}

/** Complaints of `judge` about every node of the file. */
function inspect(file: ProjectFile, judge: (node: ts.Node, source: ts.SourceFile) => string | undefined): string[] {
  const source = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ES2023, true)
  const complaints: string[] = []
  const visit = (node: ts.Node): void => {
    const complaint = judge(node, source)
    if (complaint !== undefined) complaints.push(`${file.path}:${lineOf(source, node.getStart(source))}: ${complaint}`)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return complaints
}
