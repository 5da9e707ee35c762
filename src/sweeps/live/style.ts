// The style sheet of the live page: light and dark.

/** CSS of the live page. */
export const LIVE_STYLE = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1d1d1f; --soft: #5b5b60; --line: #d9d9de; --wash: #f5f5f7; --blue: #0072B2; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #16171a; --ink: #ececef; --soft: #a5a5ad; --line: #3a3b40; --wash: #202126; --blue: #56B4E9; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 960px; padding: 24px 20px 48px; background: var(--paper); color: var(--ink);
  font: 15px/1.45 "Liberation Sans", Arial, Helvetica, sans-serif; }
header { display: flex; justify-content: space-between; align-items: baseline; gap: 16px; }
h1 { font-size: 1.5rem; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1rem; margin: 1.6rem 0 .3rem; }
#link { margin: 0; color: var(--soft); white-space: nowrap; }
#link.lost { color: #D55E00; font-weight: bold; }
#bar { height: 8px; background: var(--wash); border: 1px solid var(--line); border-radius: 5px; margin: 12px 0; overflow: hidden; }
#bar span { display: block; height: 100%; width: 0; background: var(--blue); }
#facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 10px 18px; margin: 0; }
#facts div { border-left: 2px solid var(--line); padding-left: 8px; }
dt { color: var(--soft); font-size: .8rem; }
dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
#trouble { color: #D55E00; }
.note { color: var(--soft); font-size: .8rem; margin: 0 0 .4rem; }
.chart { background: #fff; color: #222; border: 1px solid var(--line); border-radius: 6px; padding: 8px; min-height: 60px; }
#table { height: 320px; overflow: auto; border: 1px solid var(--line); border-top: 0; border-radius: 0 0 6px 6px; }
#space { position: relative; }
#head { color: var(--soft); border: 1px solid var(--line); border-radius: 6px 6px 0 0; overflow: hidden; }
.row { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(70px, 1fr); height: 26px; line-height: 26px; padding: 0 8px;
  font-size: .85rem; font-variant-numeric: tabular-nums; gap: 8px; white-space: nowrap; }
.row > span { overflow: hidden; text-overflow: ellipsis; }
#space .row { position: absolute; left: 0; right: 0; }
#space .row:first-child { font-weight: bold; }
`;
