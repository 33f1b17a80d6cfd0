/** What `textCatalogs` (`scripts/page-build.ts`) makes of the languages' files. */
declare module '*.json?keys' {
  const keys: import('./catalog.ts').KeyTree;
  export default keys;
}

declare module '*.json?texts' {
  const texts: import('./catalog.ts').CompiledTexts;
  export default texts;
}
