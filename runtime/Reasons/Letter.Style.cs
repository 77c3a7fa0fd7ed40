namespace Whence.Reasons;

public sealed partial record Letter
{
    private const string Style = """

        @page { size: A4; margin: 22mm 20mm; }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 46rem; padding: 2rem 1.25rem 3rem; background: #fff; color: #1c1d20;
          font: 16px/1.5 "Liberation Serif", Georgia, "Times New Roman", serif; overflow-wrap: anywhere; }
        header { display: flow-root; }
        address { font-style: normal; margin-bottom: 1.5rem; }
        address span { display: block; }
        .sender { text-align: right; }
        .date { text-align: right; margin: 0 0 1.5rem; }
        h1 { font-size: 1.4rem; line-height: 1.25; margin: 0 0 .3rem; }
        h2 { font-size: 1.1rem; margin: 1.6rem 0 .5rem; }
        .subject { margin: 0 0 1.2rem; font-weight: bold; }
        ol { padding-left: 1.6rem; }
        li { margin-bottom: .7rem; break-inside: avoid; }
        li span { display: block; font-size: .9rem; color: #4b4e55; }
        section { margin-top: 3rem; padding-top: .5rem; border-top: 1px solid #bbb; font: 13px/1.45 "Liberation Sans", Arial, sans-serif; }
        table { width: 100%; border-collapse: collapse; }
        th, td { padding: .25rem .6rem .25rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid #ddd; font-weight: normal;
          overflow-wrap: break-word; }
        thead th { font-weight: bold; }
        th:last-child, td:last-child { padding-right: 0; text-align: right; font-variant-numeric: tabular-nums; }
        tr { break-inside: avoid; }
        dl div { display: flex; gap: .8rem; padding: .2rem 0; }
        dt { flex: 0 0 11rem; color: #4b4e55; }
        dd { margin: 0; min-width: 0; }
        @media (max-width: 480px) { dl div { display: block; } th, td { padding-right: .4rem; } section { font-size: 12px; } }
        @media print { body { max-width: none; padding: 0; font-size: 11pt; }
          section { break-before: page; margin: 0; border: 0; font-size: 9pt; } }

        """;
}
