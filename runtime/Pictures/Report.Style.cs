namespace Whence.Pictures;

public sealed partial class Report
{
    private const string Style = """

        :root { color-scheme: light dark; --page: #f6f6f4; --card: #fff; --ink: #1c1d20; --soft: #62656c; --line: #e1e1dd; --warn: #b3261e; }
        @media (prefers-color-scheme: dark) { :root { --page: #131416; --card: #1d1f22; --ink: #e9e9e6; --soft: #a0a3a9; --line: #33363b; --warn: #ff8a80; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 1240px; padding: 2.25rem 1.25rem 4rem; background: var(--page); color: var(--ink);
          font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif; overflow-wrap: anywhere; }
        h1 { margin: 0; font-size: 1.75rem; line-height: 1.2; font-weight: 650; letter-spacing: -0.015em; text-wrap: balance; }
        h2 { margin: 0; font-size: 1.2rem; line-height: 1.3; font-weight: 620; }
        h3 { margin: 0; font-size: 1rem; line-height: 1.3; font-weight: 620; }
        p { margin: 0; }
        .network, .note { margin-top: .35rem; color: var(--soft); max-width: 48rem; }
        .network strong { color: var(--ink); font-weight: 600; }
        .legend { display: flex; align-items: center; gap: .6rem; margin-top: 1rem; font-size: .82rem; color: var(--soft); }
        .ramp { flex: none; width: 8rem; height: .7rem; border-radius: .35rem; border: 1px solid var(--line);
          background: linear-gradient(90deg, var(--negative), #fff, var(--positive)); }
        section { margin-top: 2.5rem; padding-top: 1.4rem; border-top: 1px solid var(--line); }
        .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 275px), 1fr)); gap: 1rem; margin-top: 1rem; }
        .tables { grid-template-columns: repeat(auto-fill, minmax(min(100%, 350px), 1fr)); }
        .strips { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; margin-top: 1rem; }
        .card { display: flex; flex-direction: column; min-width: 0; padding: 1rem; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
        .detail { margin: .1rem 0 .75rem; min-height: 1.3em; font-size: .82rem; color: var(--soft); }
        .pair { display: grid; grid-template-columns: 1fr 1fr; gap: .6rem; }
        figure { margin: 0; min-width: 0; }
        figure:only-child { grid-column: 1 / -1; max-width: 300px; }
        img { display: block; width: 100%; height: auto; border-radius: .25rem; box-shadow: 0 0 0 1px var(--line); }
        figcaption { margin-top: .3rem; font-size: .75rem; line-height: 1.35; color: var(--soft); }
        dl { display: grid; gap: .1rem; margin: .8rem 0 0; padding-top: .6rem; border-top: 1px solid var(--line); font-size: .82rem; }
        dl div { display: flex; justify-content: space-between; gap: 1rem; }
        dt { flex: none; color: var(--soft); }
        dd { margin: 0; text-align: right; font-variant-numeric: tabular-nums; }
        .warn dd { color: var(--warn); font-weight: 650; }
        .strips dl { display: flex; flex-wrap: wrap; gap: .2rem 1.6rem; }
        .strips dl div { gap: .45rem; }
        .strip { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0 .5rem; }
        .rows { display: flex; flex-direction: column; height: 72px; font-size: .7rem; line-height: 1; color: var(--soft); text-align: center; }
        .rows span { flex: 1; display: flex; align-items: center; justify-content: center; }
        .track { overflow-x: auto; padding: 0 1px; }
        .track img, .ticks { min-width: 560px; }
        .track img { height: 72px; image-rendering: pixelated; box-shadow: none; border: 1px solid var(--line); }
        .ticks { position: relative; height: 1.1rem; margin-top: .2rem; font-size: .7rem; color: var(--soft); font-variant-numeric: tabular-nums; }
        .ticks span { position: absolute; transform: translateX(-50%); }
        .ticks span:first-child { transform: none; }
        .peaks { display: flex; flex-wrap: wrap; gap: .35rem; margin: .7rem 0 0; padding: 0; list-style: none; font-size: .78rem; font-variant-numeric: tabular-nums; }
        .peaks li { padding: .05rem .5rem; border: 1px solid var(--line); border-left: 3px solid var(--positive); border-radius: .25rem; }
        .peaks li.negative { border-left-color: var(--negative); }
        .peaks span { color: var(--soft); }
        .peaks b { font-weight: 600; }
        .bars { width: 100%; border-collapse: collapse; font-size: .82rem; line-height: 1.35; }
        .bars th { width: 44%; padding: .18rem .5rem .18rem 0; text-align: left; font-weight: 400; }
        .bars small { color: var(--soft); font-variant-numeric: tabular-nums; }
        .bars .score { width: 4.2rem; padding-left: .5rem; text-align: right; font-variant-numeric: tabular-nums; }
        .bar { position: relative; padding: 0; background: linear-gradient(var(--line), var(--line)) 50% 0 / 1px 100% no-repeat; }
        .bar span { position: absolute; top: 50%; height: .75rem; margin-top: -.375rem; border-radius: 2px; background: var(--positive); }
        .bar .negative { background: var(--negative); }
        .bars thead th { width: auto; padding: 0; }
        .bars thead th:last-child { text-align: right; }
        .sortable thead th { font-size: .75rem; color: var(--soft); border-bottom: 1px solid var(--line); white-space: nowrap; }
        .sortable button { padding: .25rem .1rem; border: 0; background: none; font: inherit; color: inherit; cursor: pointer; }
        .sortable button:hover { color: var(--ink); }
        .sortable [aria-sort] button::after { content: " \2195"; opacity: .45; }
        .sortable [aria-sort=ascending] button::after { content: " \2191"; opacity: 1; }
        .sortable [aria-sort=descending] button::after { content: " \2193"; opacity: 1; }
        button:focus-visible, .plot:focus-visible, .scroll:focus-visible { outline: 2px solid #2f6fde; outline-offset: 2px; }
        .plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 560px), 1fr)); gap: 1rem; }
        .plot, .scroll { margin-top: 1rem; overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
        .plot { padding: .5rem; background: #fff; }
        .plot svg { display: block; max-width: max(100%, 540px); height: auto; margin: 0 auto; }
        .scroll { max-height: 26rem; overflow-y: auto; }
        .scroll table { width: 100%; border-collapse: collapse; font-size: .82rem; overflow-wrap: normal; }
        .scroll th, .scroll td { padding: .22rem .7rem; text-align: right; font-variant-numeric: tabular-nums; }
        .scroll tbody th, .scroll thead th:first-child, .scroll thead [data-sort=text], .scroll td:not([data-value]) { text-align: left; font-weight: 400; }
        .scroll tbody th { min-width: 5.5rem; }
        .scroll thead th { position: sticky; top: 0; background: var(--card); }
        .scroll tbody tr:nth-child(even) { background: color-mix(in srgb, var(--line) 30%, transparent); }
        .tip { position: fixed; z-index: 1; max-width: min(22rem, calc(100vw - 8px)); padding: .25rem .55rem; border-radius: .3rem; background: #1c1d20;
          color: #fff; font-size: .8rem; line-height: 1.35; pointer-events: none; box-shadow: 0 2px 8px rgb(0 0 0 / .3); }
        .tip[hidden] { display: none; }
        @media (max-width: 480px) { body { padding: 1.5rem .9rem 3rem; } h1 { font-size: 1.4rem; } }
        @media print { body { background: none; } .card { break-inside: avoid; } }

        """;
}
