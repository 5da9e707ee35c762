// The style sheet of a report: light, dark and printed. Figures always stand on white.

/** CSS of a report. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1d1d1f; --soft: #5b5b60; --line: #d9d9de; --wash: #f5f5f7; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #16171a; --ink: #ececef; --soft: #a5a5ad; --line: #3a3b40; --wash: #202126; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 "Liberation Sans", Arial, Helvetica, sans-serif; }
main { max-width: 912px; margin: 0 auto; padding: 32px 20px 64px; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0; }
h2 { font-size: 1.15rem; margin: 2.4rem 0 .8rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); }
.subtitle { color: var(--soft); margin: .4rem 0 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; margin: 0 0 .5rem; }
caption { text-align: left; font-weight: bold; padding: .5rem 0; }
th, td { padding: .3rem .75rem .3rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--soft); font-weight: normal; white-space: nowrap; border-bottom-color: var(--soft); }
tbody th { font-weight: normal; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.best > * { font-weight: bold; }
tbody th { min-width: 4.5rem; }
p, li { max-width: 80ch; }
.note { color: var(--soft); font-size: .875rem; margin: 0 0 1.5rem; }
figure { margin: 0 0 2rem; }
.plate { background: #fff; padding: 14px; border: 1px solid var(--line); border-radius: 6px; overflow-x: auto; }
.plate svg { display: block; max-width: 100%; height: auto; margin: 0 auto; }
figcaption { font-size: .875rem; color: var(--soft); margin-top: .6rem; }
figcaption b { color: var(--ink); }
ul { padding-left: 1.2rem; }
li { margin: .25rem 0; }
details { border: 1px solid var(--line); border-radius: 6px; margin: .6rem 0; padding: 0 .9rem; }
summary { cursor: pointer; padding: .6rem 0; font-weight: bold; }
pre { background: var(--wash); padding: .8rem; margin: 0 0 .9rem; overflow-x: auto;
  font: .8rem/1.45 "Liberation Mono", Menlo, Consolas, monospace; }
.manifest td { overflow-wrap: anywhere; font-family: "Liberation Mono", Menlo, Consolas, monospace; font-size: .8rem; }
.manifest th { white-space: nowrap; color: var(--soft); }
footer { color: var(--soft); font-size: .8rem; margin-top: 3rem; }
@media screen { .plate svg { width: var(--screen-width); } }
@media print {
  :root { color-scheme: light; --paper: #fff; --ink: #000; --soft: #444; --line: #bbb; --wash: #fff; }
  @page { margin: 16mm; }
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  figure, tr, caption { break-inside: avoid; }
  h2 { break-after: avoid; }
  .plate { border: 0; padding: 0; overflow: visible; }
  .scroll, pre { overflow: visible; white-space: pre-wrap; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`;
