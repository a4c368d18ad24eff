//! Colours, light and dark.

/// The style sheet: it is in every picture but a canvas's, whose page has it.
pub const STYLE: &str = "
svg{--page:#ffffff;--ink:#1f2430;--soft:#667085;--line:#8a94a6;--box:#f8fafc;--frame:#f1f5f9;--task:#3b6fb6;--undo:#b45309;--undobox:#fff7ed;--bad:#b42318;--badbox:#fef3f2;--good:#15803d;--goodbox:#f0fdf4;--pivot:#7c3aed;--pivotbox:#f5f3ff}
@media (prefers-color-scheme:dark){svg{--page:#10141b;--ink:#e6eaf2;--soft:#9aa5b8;--line:#6b778c;--box:#1a212c;--frame:#151b25;--task:#7fb0f0;--undo:#f0a954;--undobox:#2a2015;--bad:#f87171;--badbox:#2c1719;--good:#4ade80;--goodbox:#12251a;--pivot:#b794f6;--pivotbox:#211a33}}
text{font:13px ui-sans-serif,system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;fill:var(--ink)}
.title{font-size:16px;font-weight:600}.badge,.key text{font-size:11px;fill:var(--soft)}
.label{font-size:11px;fill:var(--soft);stroke:var(--page);stroke-width:4px;paint-order:stroke}
.page{fill:var(--page)}.box{fill:var(--box);stroke:var(--line);stroke-width:1.3}.inset{fill:none;stroke:var(--pivot)}
.sign{fill:none;stroke:var(--soft);stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}
.task .sign{stroke:var(--task)}.frame>.box{fill:var(--frame)}
.undo .box{fill:var(--undobox);stroke:var(--undo)}.undo .sign{stroke:var(--undo)}
.bad .box{fill:var(--badbox);stroke:var(--bad)}.bad .sign{stroke:var(--bad)}
.good .box{fill:var(--goodbox);stroke:var(--good)}.good .sign{stroke:var(--good)}
.pivot .box{fill:var(--pivotbox);stroke:var(--pivot);stroke-width:2}.pivot .sign{stroke:var(--pivot)}
.then,.failure,.back{fill:none;stroke:var(--line);stroke-width:1.5;marker-end:url(#then)}
.failure{stroke:var(--bad);stroke-dasharray:5 4;marker-end:url(#failure)}.back{stroke:var(--undo);marker-end:url(#back)}
.key.failure{stroke:none;marker-end:none}.key.failure .sign{stroke:var(--bad)}.key.undo .sign{stroke:var(--undo)}
.begin{fill:var(--ink)}.head{fill:var(--line)}#failure .head{fill:var(--bad)}#back .head{fill:var(--undo)}
.idle{opacity:.38}.came circle{fill:var(--page);stroke:var(--good);stroke-width:1.5}
.ran .box{stroke:var(--good);stroke-width:2}.ran .came .sign,.key.ran .sign{stroke:var(--good)}
.failed .box{stroke:var(--bad);stroke-width:2.4}.failed .came circle{stroke:var(--bad)}.failed .came .sign,.key.failed .sign{stroke:var(--bad)}
.undone .box{stroke:var(--undo);stroke-width:2;stroke-dasharray:6 3}.undone .came circle{stroke:var(--undo)}.undone .came .sign,.key.undone .sign{stroke:var(--undo)}
.waiting .box{stroke:var(--pivot);stroke-width:2.4}.waiting .came circle{stroke:var(--pivot)}.waiting .came .sign,.key.waiting .sign{stroke:var(--pivot)}
";

/// The heads of arrows.
pub(super) const ARROWS: &str = r#"<defs>
<marker id="then" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head" d="M0 0L8 4L0 8Z"/></marker>
<marker id="failure" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head" d="M0 0L8 4L0 8Z"/></marker>
<marker id="back" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head" d="M0 0L8 4L0 8Z"/></marker>
</defs>
"#;
