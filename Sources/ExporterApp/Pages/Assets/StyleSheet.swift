extension InlineAsset {
  /// The one style sheet. Colors have a contrast of at least 4.5 to 1 in both schemes.
  static let styleSheet = InlineAsset(
    """
    :root{color-scheme:light dark;--bg:#fff;--soft:#f4f5f7;--line:#c9ced6;--text:#1a1d21;
    --muted:#545c66;--link:#0b50c4;--bad:#b3261e;--bad-soft:#fdecea;--few:#7a4f00;--good:#146c2e}
    @media(prefers-color-scheme:dark){:root{--bg:#121518;--soft:#1c2126;--line:#434b54;--text:#e8eaed;
    --muted:#a9b1ba;--link:#8ab4f8;--bad:#ff8f85;--bad-soft:#3a1a18;--few:#f0c465;--good:#7fd69a}}
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%}
    body{margin:0;background:var(--bg);color:var(--text);font:15px/1.45 system-ui,sans-serif}
    a{color:var(--link);text-underline-offset:.15em}
    a:focus-visible,summary:focus-visible,button:focus-visible,input:focus-visible,select:focus-visible,
    pre:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:2px}
    .said{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
    .skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--bg);padding:.5rem}
    header,main,footer{max-width:84rem;margin:0 auto;padding:.6rem 1rem}
    header{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;align-items:baseline;border-bottom:1px solid var(--line)}
    nav ul,.choices{display:flex;flex-wrap:wrap;align-items:baseline;gap:.25rem 1rem;list-style:none;margin:0;padding:0}
    nav a,.choices a,.choices strong{display:inline-block;padding:.3rem 0}
    a[aria-current]{color:var(--text);font-weight:600;text-decoration-thickness:3px}
    footer{border-top:1px solid var(--line);margin-top:2rem;padding-bottom:4rem;color:var(--muted)}
    h1{font-size:1.5rem;line-height:1.2;margin:.6rem 0 .4rem;overflow-wrap:anywhere}
    h2{font-size:1.15rem;margin:1.8rem 0 .4rem}
    h3{font-size:1rem;margin:1rem 0 .2rem}
    p{margin:.4rem 0;max-width:52rem}
    .muted,small,dt{color:var(--muted)}
    bdi,.name{overflow-wrap:anywhere}
    code,pre{font:13px/1.45 ui-monospace,monospace;overflow-wrap:anywhere}
    pre{background:var(--soft);border:1px solid var(--line);padding:.6rem;white-space:pre-wrap;max-height:40rem;overflow:auto}
    table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
    caption{text-align:left;color:var(--muted);padding:.2rem 0}
    th,td{text-align:left;padding:.35rem .9rem .35rem 0;vertical-align:baseline;border-bottom:1px solid var(--line)}
    thead th{font-weight:600;color:var(--muted);font-size:.87rem}
    tbody th{font-weight:600;min-width:7rem}
    .n{text-align:right}
    .bad{color:var(--bad);font-weight:600;white-space:nowrap}
    tr.breached{background:var(--bad-soft)}
    tr.breached>:first-child{box-shadow:inset 4px 0 0 var(--bad);padding-left:.7rem}
    .state{white-space:nowrap;font-weight:600}
    .state svg{width:.9em;height:.9em;margin-right:.4em;vertical-align:-.06em;fill:none;stroke:currentColor;stroke-width:2}
    .state.breached{color:var(--bad)}.state.breached svg{fill:currentColor}
    .state.too_few{color:var(--few)}.state.no_data{color:var(--muted)}.state.good{color:var(--good)}
    .alarm{border:2px solid var(--bad);background:var(--bad-soft);padding:.2rem .8rem;margin:.6rem 0}
    ul.alarm{padding-left:1.8rem}
    .news{position:fixed;right:1rem;bottom:1rem;z-index:1;margin:0;max-width:calc(100% - 2rem);background:var(--soft);border:2px solid var(--link);padding:.4rem .8rem}
    .facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));gap:.2rem 1.5rem;margin:.5rem 0}
    .facts div{min-width:0}dt{font-size:.87rem}dd{margin:0 0 .4rem;overflow-wrap:anywhere}
    figure{margin:.6rem 0 1.2rem}
    figcaption{margin-bottom:.3rem}
    svg.chart{display:block;width:100%;height:12rem;overflow:visible}
    svg.spark{width:7rem;height:1.5rem;vertical-align:middle;overflow:visible}
    svg.bar{width:60%;min-width:4rem;max-width:20rem;height:.8rem;vertical-align:middle}
    .frame,.grid{stroke:var(--line);stroke-width:1}
    .limit{stroke:var(--bad);stroke-width:1.5;stroke-dasharray:6 4;fill:none}
    .first{stroke:var(--link);stroke-width:2;fill:none;vector-effect:non-scaling-stroke}
    .second{stroke:var(--text);stroke-width:1.5;stroke-dasharray:2 3;fill:none;vector-effect:non-scaling-stroke}
    .dot{fill:var(--link)}.dot.low{fill:var(--bad)}.dot.other{fill:var(--text)}
    .fill{fill:var(--link)}.fill.low{fill:var(--bad)}.track{fill:var(--soft)}
    svg text{fill:var(--muted);font-size:.8rem}svg text.limit{fill:var(--bad);stroke:var(--bg);stroke-width:4;stroke-dasharray:none;paint-order:stroke}
    details{margin:.3rem 0}summary{cursor:pointer;padding:.25rem 0;overflow-wrap:anywhere}
    form{display:grid;grid-template-columns:repeat(auto-fill,minmax(9rem,1fr));gap:.5rem 1rem;align-items:end}
    label{display:block;font-size:.87rem;color:var(--muted)}
    input,select,button{font:inherit;color:inherit;background:var(--bg);border:1px solid var(--muted);border-radius:3px;padding:.35rem .5rem;width:100%;min-height:2.2rem}
    button{background:var(--soft);font-weight:600;cursor:pointer}
    @media(max-width:64rem){
    table:not(.compact),:not(.compact)>tbody,:not(.compact)>tbody>tr,:not(.compact)>tbody>tr>*{display:block;width:auto}
    :not(.compact)>caption{display:block}
    :not(.compact)>thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
    :not(.compact)>tbody>tr{border-bottom:1px solid var(--line);padding:.5rem 0;display:grid;grid-template-columns:repeat(auto-fill,minmax(9rem,1fr));gap:.1rem 1rem}
    :not(.compact)>tbody>tr.breached{padding-left:.7rem;box-shadow:inset 4px 0 0 var(--bad)}
    :not(.compact)>tbody>tr>:first-child{box-shadow:none;padding-left:0;grid-column:1/-1}
    :not(.compact)>tbody>tr>*{border:0;padding:0;text-align:left;min-width:0;max-width:100%}
    :not(.compact)>tbody>tr>.wide{grid-column:1/-1}
    :not(.compact)>tbody>tr>[data-label]::before{content:attr(data-label) ": ";color:var(--muted);font-weight:400;font-size:.87rem}
    :not(.compact)>tbody>tr>:is(:empty,.none){display:none}
    svg.spark{width:5.5rem}.compact :is(th,td){padding-right:.5rem}.compact svg.bar{min-width:2rem}
    }
    @media(max-width:30rem){.facts{grid-template-columns:1fr 1fr}}
    @media(forced-colors:active){.fill,.dot{fill:CanvasText}.first,.second,.limit{stroke:CanvasText}}
    @media print{nav,.choices,.skip,form{display:none}}
    """,
    hash: "bYiz2ePAQa6Ech+9cHZrgEqioqbVxPnEH1E1TCEn8lw=")
}
