/** Version of the documents that `--json` prints. Fields may be added; those there are stay. */
export const DOCUMENT_SCHEMA = 1
