"""How the weekly page looks beside what every page has, and the script of its table."""

from typing import Final

from songpop.pages.style import BLUE, GREEN, GREY, RUST, variable

_MOST_COLUMNS: Final = 10
_TITLES: Final = "".join(
    f".stack td:nth-child({place})::before{{--title:var(--h{place})}}\n"
    for place in range(2, _MOST_COLUMNS + 1)
)
"""The title of each column of a table whose cells stand below each other; see ``make_table``."""

STYLE: Final = f"""
header p{{margin:.1rem 0}}header h1{{margin:.1rem 0 .6rem}}
.hidden,.untitled caption{{position:absolute;width:1px;height:1px;overflow:hidden;
clip-path:inset(50%);white-space:nowrap}}
nav{{display:flex;flex-wrap:wrap;gap:.2rem 1rem;border-bottom:1px solid var(--line);
padding:.4rem 0}}
a{{color:{variable(BLUE)}}}:focus-visible{{outline:2px solid {variable(BLUE)};outline-offset:2px}}
section{{scroll-margin-top:1rem}}
.skip{{position:absolute;left:-99rem}}.skip:focus{{position:static}}
.by{{color:var(--soft);font-size:.92em}}th .by,td .by{{display:block}}
.cards{{list-style:none;margin:.6rem 0;padding:0}}
.cards li{{max-width:none}}
.cards>li{{display:grid;grid-template-columns:2.2rem minmax(0,5fr) minmax(0,6fr) 7rem 7.4rem;
grid-template-rows:auto 1fr;gap:0 .9rem;padding:.7rem 0;border-top:1px solid var(--line);
break-inside:avoid}}
.place{{font-size:1.15rem;color:var(--soft);text-align:right;align-self:start}}
.who .title{{font-weight:600;font-size:1.08rem}}.who .by{{display:block}}
.who{{overflow-wrap:anywhere;overflow:clip}}
.score{{text-align:right;line-height:1.25}}.score strong{{font-size:1.25rem;white-space:nowrap}}
.delta{{display:block;color:var(--soft);font-size:.88rem}}
.why,.range{{font-size:.9rem;line-height:1.4;margin:.1rem 0 0}}
.range{{grid-column:2;grid-row:2}}.range b{{white-space:nowrap;font-weight:600}}
.why{{grid-column:3;grid-row:1/3}}.line{{grid-column:4}}.score{{grid-column:5}}
.why{{list-style:none;padding:0}}.why li{{padding-left:1.2rem;position:relative}}
.why li::before{{position:absolute;left:0;content:"•"/""}}
.why .up::before{{content:"▲"/"";color:{variable(GREEN)}}}
.why .down::before{{content:"▼"/"";color:{variable(RUST)}}}
.range{{color:var(--soft)}}figure svg{{width:34rem}}
.trend{{width:7rem;height:1.9rem;display:block}}
.trend polyline{{fill:none;stroke:{variable(BLUE)};stroke-width:1.6}}
.trend circle{{fill:{variable(BLUE)}}}
.trend .cut{{stroke:{variable(GREY)};stroke-width:.7;stroke-dasharray:2 2}}
.bar,.span{{display:inline-block;width:4rem;height:.5rem;background:var(--line);
position:relative;border-radius:2px;overflow:hidden;vertical-align:.06em}}
.span{{display:block;width:9rem;margin:.3rem 0 .1rem}}
.bar i,.span i{{position:absolute;left:0;top:0;bottom:0;background:{variable(BLUE)}}}
td .span{{width:100%;min-width:5rem}}.span.up i{{background:{variable(GREEN)}}}
.span.down i{{background:{variable(RUST)}}}
.beside{{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(26rem,100%),1fr))}}
.beside table{{width:100%}}
thead th{{font-weight:600}}.words{{text-align:left}}
td.words{{white-space:normal;min-width:8rem}}.untitled td.words{{white-space:nowrap}}
td.words:last-child{{min-width:16rem;white-space:normal}}
tbody th{{max-width:22rem;min-width:11rem;white-space:normal;overflow-wrap:anywhere}}
#tools{{display:flex;flex-wrap:wrap;gap:.4rem 1rem;align-items:center}}
#tools input{{font:inherit;padding:.35rem .5rem;min-width:min(20rem,100%);color:inherit;
background:var(--paper);border:1px solid {variable(GREY)};border-radius:4px}}
th button{{all:unset;cursor:pointer;font-weight:600}}
th button:focus-visible{{outline:2px solid {variable(BLUE)}}}
th[aria-sort=ascending] button::after{{content:" ▲"/""}}
th[aria-sort=descending] button::after{{content:" ▼"/""}}
footer{{margin-top:2.5rem;border-top:1px solid var(--line);color:var(--soft);font-size:.9rem}}
@media (max-width:40rem){{main{{margin:1rem auto}}
.cards>li{{grid-template-columns:1.7rem minmax(0,1fr) auto}}
.place{{font-size:1rem}}.score{{grid-column:3;grid-row:1}}
.line{{grid-column:3;grid-row:2;text-align:right}}.trend{{width:5.6rem;margin-left:auto}}
.why{{grid-column:2/-1;grid-row:3}}.span{{width:100%;max-width:9rem}}
tbody th{{min-width:7rem}}td .bar{{width:2rem}}td.words:last-child{{min-width:13rem}}
.stack,.stack tbody,.stack caption{{display:block}}
.stack thead{{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}}
.stack tr{{display:flex;flex-wrap:wrap;gap:0 1rem;padding:.35rem 0;
border-bottom:1px solid var(--line)}}
.stack tr[hidden]{{display:none}}
.stack tbody th,.stack td,.stack td.words{{border:0;padding:0 .3rem;text-align:left;
white-space:normal;min-width:0;max-width:100%;position:static}}
.stack tbody th,.stack td.words:last-child{{flex:1 0 100%}}.stack tbody th{{font-size:.95rem}}
.stack td::before{{content:var(--title)"\\00a0 "/"";color:var(--soft)}}
{_TITLES}#tracks thead{{display:block;position:static;width:auto;height:auto;clip-path:none}}
#tracks thead tr{{gap:.1rem .8rem}}
#tracks thead tr::before{{content:"sort by"/"";color:var(--soft)}}
#tracks thead th{{border:0;padding:0}}}}
.stack td:empty{{display:none}}
@media print{{td .bar{{width:2rem}}
.stack td.words,.stack tbody th,td.words:last-child{{min-width:0}}
nav,#tools,.skip{{display:none}}a{{color:inherit;text-decoration:none}}
section{{break-inside:auto}}bdi{{overflow-wrap:anywhere}}td{{white-space:normal}}}}
"""

SCRIPT: Final = """(()=>{
const table=document.getElementById('tracks'),tools=document.getElementById('tools');
if(!table||!tools)return;
const body=table.tBodies[0],rows=[...body.rows];
const fold=s=>s.normalize('NFKD').replace(/\\p{M}/gu,'').toLowerCase();
const texts=rows.map(row=>fold(row.textContent));
const label=document.createElement('label'),box=document.createElement('input');
const told=document.createElement('span');
label.textContent='Search ';box.type='search';box.placeholder='title, artist, reason';
told.setAttribute('role','status');told.className='note';
label.append(box);tools.append(label,told);
box.addEventListener('input',()=>{
const words=fold(box.value).split(/\\s+/);let shown=0;
rows.forEach((row,i)=>{row.hidden=!words.every(w=>texts[i].includes(w));shown+=!row.hidden});
told.textContent=box.value?shown+' of '+rows.length+' tracks':''});
const words=new Intl.Collator(undefined,{sensitivity:'base',numeric:true});
const value=(row,i)=>{const cell=row.cells[i],v=cell.dataset.v;
return v===undefined?cell.textContent.trim():v===''?null:Number(v)};
const compare=(a,b)=>typeof a==='number'&&typeof b==='number'?a-b:words.compare(a,b);
[...table.tHead.rows[0].cells].forEach((head,i)=>{
const button=document.createElement('button');
button.type='button';button.append(...head.childNodes);head.append(button);
button.addEventListener('click',()=>{
const down=head.getAttribute('aria-sort')==='ascending';
[...table.tHead.rows[0].cells].forEach(one=>one.removeAttribute('aria-sort'));
head.setAttribute('aria-sort',down?'descending':'ascending');
const keyed=rows.map(row=>[value(row,i),row]);
keyed.sort(([a],[b])=>a===null||b===null?(a===null)-(b===null):down?compare(b,a):compare(a,b));
body.append(...keyed.map(([,row])=>row))})})})();
"""
