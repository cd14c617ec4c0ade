// SPDX-License-Identifier: MIT
/// \file How a report looks: on wide and narrow screens, light and dark, and on paper.
#ifndef MLSCRIBE_REPORT_PAGE_STYLE_HPP
#define MLSCRIBE_REPORT_PAGE_STYLE_HPP

#include <mlscribe/figure/palette.hpp>

#include <cstddef>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline constexpr std::string_view page_style = R"css(
:root{color-scheme:light dark;--ground:#fff;--raised:#f6f7f9;--line:#dfe3e8;--ink:#1b1f24;--faint:#59636e;
--accent:#0067b1;--differs:#fff6db;--good:#176639;--bad:#b3261e;--warn:#8a5200}
@media screen and (prefers-color-scheme:dark){:root{--ground:#14171b;--raised:#1c2126;--line:#343b43;--ink:#e4e8ec;
--faint:#9aa5b1;--accent:#6cb8f0;--differs:#3a3216;--good:#6fce93;--bad:#ff8a80;--warn:#f0b35c}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1.5rem 1.25rem 3rem;max-width:80rem;background:var(--ground);color:var(--ink);
font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;overflow-wrap:anywhere}
h1{font-size:1.7rem;line-height:1.25;margin:0 0 .25rem}
h2{font-size:1.2rem;margin:2.5rem 0 .75rem;padding-bottom:.3rem;border-bottom:1px solid var(--line)}
h3{font-size:1rem;margin:1.5rem 0 .5rem}
small,.note{color:var(--faint);font-size:.82rem}
code,pre{font-family:ui-monospace,"SF Mono",Consolas,"DejaVu Sans Mono",monospace;font-size:.85em}
a{color:var(--accent)}
nav{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;margin:.75rem 0 1.25rem}
nav a{text-decoration:none}nav a:hover,nav a:focus{text-decoration:underline}
#description{white-space:pre-wrap;margin:1rem 0;padding:.75rem 1rem;background:var(--raised);border-radius:.5rem}
.wide{overflow-x:auto;margin:.5rem 0;background:linear-gradient(to left,var(--ground) 40%,transparent) right/2rem 100% no-repeat local,
linear-gradient(to left,rgb(0 0 0/.18),transparent) right/.6rem 100% no-repeat scroll}
table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{padding:.35rem 1.25rem .35rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line);
unicode-bidi:isolate;min-width:4.5rem;max-width:34rem}
tbody th{font-weight:500;color:var(--faint);min-width:8rem;max-width:20rem}
thead th{font-weight:600;min-width:8rem;vertical-align:bottom}
tbody th{position:sticky;left:0;background:var(--ground)}
#facts th{overflow-wrap:normal;min-width:0}
#params td,#tags td{white-space:pre-wrap}
#metrics td>*{white-space:nowrap}
tr.differs>*{background:var(--differs)}
tr.differs th::after{content:" \2260";color:var(--warn)}
td.none{color:var(--faint)}
.status{display:inline-block;padding:0 .55rem;border:1px solid;border-radius:1rem;font-size:.8rem;font-weight:600;
line-height:1.6;white-space:nowrap}
.FINISHED{color:var(--good)}.FAILED,.KILLED{color:var(--bad)}.RUNNING,.SCHEDULED{color:var(--accent)}.STALE{color:var(--warn)}
.problems{margin:1rem 0;padding:.6rem 1rem;border-left:4px solid var(--warn);background:var(--raised);font-size:.9rem}
.problems ul{margin:.25rem 0 0;padding-left:1.2rem}
details{margin:.5rem 0}
summary{cursor:pointer;padding:.25rem 0}
summary:hover{color:var(--accent)}
.live:focus:not(:focus-visible){outline:none}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:3px}
pre{margin:.25rem 0 .75rem;padding:.75rem 1rem;max-height:28rem;overflow:auto;background:var(--raised);border-radius:.5rem;
white-space:pre-wrap;line-height:1.45}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,30rem),1fr));gap:1.25rem}
figure{margin:0}
figure.metric{min-width:0;padding:.9rem 1rem;border:1px solid var(--line);border-radius:.6rem;break-inside:avoid}
figcaption b{font-weight:600;margin-right:.35rem}
figure.metric{display:flex;flex-wrap:wrap;justify-content:space-between;align-content:start;gap:.2rem .75rem}
.plot,.legend{flex:0 0 100%}.tools{display:flex;gap:.5rem;align-items:start}
.tools[hidden],.legend[hidden]{display:none}
button{font:inherit;font-size:.78rem;line-height:1.6;padding:0 .6rem;color:var(--faint);background:none;border:1px solid var(--line);
border-radius:1rem;cursor:pointer}
button:hover:enabled{color:var(--accent);border-color:currentColor}
button:disabled{opacity:.45;cursor:default}
button[aria-pressed=true]{color:var(--ground);background:var(--accent);border-color:var(--accent)}
.plot{position:relative;margin-top:.2rem}
.plot svg{display:block;width:100%;height:auto;touch-action:pan-y}
.plot svg.live{cursor:crosshair;user-select:none;-webkit-user-select:none}
.live text{font-size:12px;fill:var(--faint)}
.live .grid{stroke:var(--line);fill:none}.live .cursor{stroke:var(--faint);stroke-dasharray:2 3}
.live .chosen{fill:var(--accent);fill-opacity:.15}
path.run{fill:none;stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}
circle.run{stroke:none}
.mark{display:inline-block;width:1.5rem;height:.5rem;margin-right:.4rem;vertical-align:middle}
.mark path{stroke-width:3}
.tip{position:absolute;z-index:1;max-width:90%;padding:.3rem .6rem;font-size:.8rem;pointer-events:none;background:var(--raised);
border:1px solid var(--line);border-radius:.4rem;box-shadow:0 2px 8px rgb(0 0 0/.15);font-variant-numeric:tabular-nums}
.tip[hidden]{display:none}.tip div{display:flex;align-items:center}
.tip div span{margin-right:.6rem}.tip div b{margin-left:auto}
.legend{display:flex;flex-wrap:wrap;gap:.1rem 1rem;margin:.4rem 0 0;padding:0;list-style:none;font-size:.85rem}
.images{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,10rem),1fr));gap:1.25rem;align-items:start;margin:.5rem 0 1rem}
.image img{display:block;min-width:6rem;max-width:100%;height:auto;max-height:28rem;border-radius:.4rem}
.drawing{grid-column:1/-1}.drawing img{width:48rem;max-height:none}
.image figcaption{margin-top:.3rem;font-size:.85rem}
.files{margin:.25rem 0;padding-left:1.2rem;font-size:.9rem}
footer{margin-top:3rem;padding-top:.75rem;border-top:1px solid var(--line)}
@media(max-width:36rem){body{padding:1rem .8rem 2rem}h1{font-size:1.35rem}
figure.metric{padding:.6rem}th,td{padding-right:.8rem}th,tbody th,thead th,td{min-width:7.5rem}}
@media print{body{max-width:none;padding:0;font-size:10pt}nav,.tools,.tip{display:none!important}
pre{max-height:none}.wide{overflow:visible}.charts{grid-template-columns:1fr 1fr}a{color:inherit}}
)css";

/// The colours and dashes of runs, which are those of figures: `run0`, `run1`, … and `dash1` to
/// `dash3`.
inline std::string run_style() {
    std::string out;
    const auto colours = [&out](const figure_colors& of) {
        for (std::size_t i = 0; i < series_colors; ++i) {
            const std::string colour = of.series[i];
            out += ".run" + std::to_string(i) + "{stroke:" + colour + ";fill:" + colour + "}\n";
        }
    };
    colours(light_colors);
    out += "@media screen and (prefers-color-scheme:dark){\n";
    colours(dark_colors);
    out += "}\n";
    for (std::size_t i = 1; i < 4; ++i) {
        out += ".dash" + std::to_string(i) + "{stroke-dasharray:";
        out.append(dash_of(i * series_colors)).append("}\n");
    }
    return out;
}

/// The classes of the curve of a run.
inline std::string run_classes(std::size_t run) {
    return "run run" + std::to_string(run % series_colors) + " dash" +
           std::to_string(run / series_colors % 4);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
