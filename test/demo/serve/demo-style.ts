/** What the demo's pages have beside the console's style. */
export const demoStyle = `
.pretend{border:1px dashed var(--line-strong);border-radius:8px;padding:1px 8px;color:var(--soft);font-size:12.5px;font-weight:600;white-space:nowrap}
.letters>li{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:6px 20px;align-items:center;padding:16px 22px}
.letters>li+li{border-top:1px solid var(--line)}
.letters h3{font-size:15.5px}
.letters .badges{margin-top:8px}
.mail iframe{display:block;width:100%;height:min(78vh,980px);border:0;background:#fff;color-scheme:light;border-radius:0 0 12px 12px}
.mail .card-body{border-bottom:1px solid var(--line)}
.landing{--shade:color-mix(in srgb,var(--accent) 14%,var(--bg));background:linear-gradient(var(--shade),var(--bg) 340px)}
.landing main{width:min(560px,100%)}
@media (max-width:860px){.side nav ul{grid-template-columns:repeat(4,minmax(0,1fr))}
.letters>li{grid-template-columns:minmax(0,1fr);padding:16px}}
`
