// SPDX-License-Identifier: MIT
/// \file What makes the curves of a report answer: zoom, read-out, logarithmic axis.
#ifndef MLSCRIBE_REPORT_PAGE_SCRIPT_HPP
#define MLSCRIBE_REPORT_PAGE_SCRIPT_HPP

#include <mlscribe/config/config.hpp>

#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Draws each curve anew from the points beside it, in the width that there is; names become text
/// nodes, never HTML. Without it the pictures stay as they are.
inline constexpr std::string_view page_script = R"js(
'use strict';
(function () {
  function part(parent, name, attributes, text) {
    var made = document.createElementNS(parent.namespaceURI, name);
    for (var key in attributes) made.setAttribute(key, attributes[key]);
    if (text !== undefined) made.textContent = text;
    return parent.appendChild(made);
  }
  // In as many digits as tell it from its neighbours on the axis, which are so far apart.
  function short(value, apart) {
    if (value === 0) return '0';
    var size = Math.abs(value), digits = Math.ceil(Math.log10(size / (apart || size))) + 1;
    var short = Number(value.toPrecision(Math.max(6, Math.min(17, digits))));
    return size >= 1e-3 && size < (digits > 6 ? 1e15 : 1e6) ? String(short) : short.toExponential().replace('e+', 'e');
  }
  function ticks(from, to, count) {
    var raw = (to - from) / count;
    if (!(raw > 0) || !isFinite(raw)) return [from];
    var power = Math.pow(10, Math.floor(Math.log10(raw))), lead = raw / power;
    var step = (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10) * power, found = [];
    // Counted from 0: beyond 2^53 a number plus one is that number.
    for (var first = Math.ceil(from / step - 1e-9), i = 0; i <= 2 * count && (first + i) * step <= to + step * 1e-9; ++i) {
      found.push(Number(((first + i) * step).toPrecision(15)));
    }
    return found.filter(function (value, i) { return value >= from - step * 1e-9 && value <= to + step * 1e-9 && !(value <= found[i - 1]); });
  }
  function logTicks(from, to) {
    var low = Math.log10(from), high = Math.log10(to), found = [];
    if (high - low < 1) return ticks(from, to, 4).filter(function (value) { return value > 0; });
    var stride = Math.ceil((high - low) / 6);
    for (var i = Math.ceil(low - 1e-9); i <= high + 1e-9; i += stride) found.push(Math.pow(10, i));
    return found;
  }
  function nearest(list, value) {
    var low = 0, high = list.length - 1;
    while (low < high) {
      var middle = (low + high) >> 1;
      if (list[middle] < value) low = middle + 1; else high = middle;
    }
    return low > 0 && value - list[low - 1] <= list[low] - value ? low - 1 : low;
  }

  function bring(frame) {
    var runs = JSON.parse(frame.querySelector('script.points').textContent);
    var plot = frame.querySelector('.plot'), old = plot.querySelector('svg');
    var logButton = frame.querySelector('.log'), resetButton = frame.querySelector('.reset');
    var svg = document.createElementNS(old.namespaceURI, 'svg');
    var tip = document.createElement('div');
    var first = Infinity, last = -Infinity, positive = false;
    runs.forEach(function (run) {
      first = Math.min(first, run.x[0]);
      last = Math.max(last, run.x[run.x.length - 1]);
      positive = positive || run.y.some(function (value) { return value > 0; });
    });
    if (first === last) {
      var room = Math.max(0.5, Math.abs(first) * 1e-12);
      first -= room; last += room;
    }
    var from = first, to = last, logarithmic = false, at = null, dragged = null;
    var width = 0, left = 56, right = 10, top = 8, bottom = 34, height = 260, low = 0, high = 1;
    var label = 'Curve of ' + frame.dataset.key + ': drag to zoom, arrow keys read values, plus and minus zoom, Escape shows all';
    svg.setAttribute('class', 'live');
    svg.setAttribute('tabindex', '0');
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', label);
    tip.className = 'tip';
    tip.setAttribute('role', 'status');
    tip.hidden = true;
    plot.replaceChild(svg, old);
    plot.appendChild(tip);
    frame.querySelector('.tools').hidden = false;
    var legend = frame.querySelector('.legend');
    if (legend) legend.hidden = false;
    logButton.disabled = !positive;

    function x(step) { return left + (step - from) / (to - from) * (width - left - right); }
    function stepAt(pixel) {
      var share = (pixel - left) / (width - left - right);
      return from + Math.min(1, Math.max(0, share)) * (to - from);
    }
    function scale(value) { return logarithmic ? Math.log10(value) : value; }
    function y(value) {
      var share = (scale(value) - scale(low)) / (scale(high) - scale(low));
      return height - bottom - share * (height - top - bottom);
    }
    function drawable(value) { return value !== null && Math.abs(value) <= 1e300 && !(logarithmic && value <= 0); }

    function measure() {
      low = Infinity; high = -Infinity;
      runs.forEach(function (run) {
        run.x.forEach(function (step, i) {
          if (step < from || step > to || !drawable(run.y[i])) return;
          low = Math.min(low, run.y[i]);
          high = Math.max(high, run.y[i]);
        });
      });
      if (low > high) { low = logarithmic ? 1 : 0; high = logarithmic ? 10 : 1; }
      if (logarithmic) {
        var spread = low === high ? 2 : Math.pow(high / low, 0.04);
        low /= spread; high *= spread;
        return;
      }
      var room = low === high ? Math.abs(low) * 0.1 || 1 : high * 0.04 - low * 0.04;
      low -= room; high += room;
    }
    function drawRun(parent, run) {
      var text = '', pen = 'M';
      run.x.forEach(function (step, i) {
        if (!drawable(run.y[i])) { pen = 'M'; return; }
        if (run.x[Math.min(i + 1, run.x.length - 1)] < from || run.x[Math.max(i - 1, 0)] > to) return;
        text += pen + x(step).toFixed(1) + ' ' + y(run.y[i]).toFixed(1);
        // A point between gaps is seen as well, and whole at a border.
        var alone = pen === 'M' && (i + 1 === run.x.length || !drawable(run.y[i + 1]));
        if (alone && step >= from && step <= to) part(svg, 'circle', {class: run.mark, r: 2.5, cx: x(step).toFixed(1), cy: y(run.y[i]).toFixed(1)});
        pen = 'L';
      });
      part(parent, 'path', {class: run.mark, d: text});
    }
    function draw() {
      width = Math.max(200, plot.clientWidth);
      measure();
      svg.textContent = '';
      svg.setAttribute('viewBox', '0 0 ' + width + ' ' + height);
      var values = logarithmic ? logTicks(low, high) : ticks(low, high, 5);
      var names = values.map(function (value, i) { return short(value, i > 0 ? value - values[i - 1] : values[1] - value); });
      left = Math.max(56, 12 + 7.5 * Math.max.apply(null, names.map(function (name) { return name.length; })));
      values.forEach(function (value, i) {
        part(svg, 'path', {class: 'grid', d: 'M' + left + ' ' + y(value).toFixed(1) + 'H' + (width - right)});
        part(svg, 'text', {x: left - 6, y: (y(value) + 4).toFixed(1), 'text-anchor': 'end'}, names[i]);
      });
      var digits = String(Math.round(Math.max(Math.abs(from), Math.abs(to)))).length;
      var places = ticks(from, to, Math.max(1, Math.min(8, Math.floor((width - left) / Math.max(90, 10 * digits)))));
      places.filter(Number.isInteger).forEach(function (step) {
        var text = part(svg, 'text', {x: x(step).toFixed(1), y: height - bottom + 16, 'text-anchor': 'middle'},
          short(step, places[1] - places[0]));
        var half = text.textContent.length * 3.5;
        if (x(step) + half > width) text.setAttribute('text-anchor', 'end');
        part(svg, 'path', {class: 'grid', d: 'M' + x(step).toFixed(1) + ' ' + (height - bottom) + 'v4'});
      });
      part(svg, 'text', {x: (left + width - right) / 2, y: height - 3, 'text-anchor': 'middle'}, 'step');
      part(svg, 'path', {class: 'grid', d: 'M' + left + ' ' + top + 'V' + (height - bottom) + 'H' + (width - right)});
      var inner = part(svg, 'svg', {x: left - 3, y: top - 2, width: width - left - right + 6, height: height - top - bottom + 4,
        viewBox: (left - 3) + ' ' + (top - 2) + ' ' + (width - left - right + 6) + ' ' + (height - top - bottom + 4)});
      inner.style.height = 'auto';
      runs.forEach(function (run) { drawRun(inner, run); });
      resetButton.disabled = from === first && to === last;
      point();
    }
    function point() {
      svg.querySelectorAll('.cursor,.dot').forEach(function (each) { each.remove(); });
      tip.hidden = at === null;
      if (at === null) return;
      tip.textContent = '';
      var shown = runs.map(function (run) { return run.x[nearest(run.x, at)]; });
      var step = shown.reduce(function (best, each) { return Math.abs(each - at) < Math.abs(best - at) ? each : best; });
      tip.appendChild(document.createElement('div')).textContent = 'step ' + step;
      part(svg, 'path', {class: 'cursor', d: 'M' + x(step).toFixed(1) + ' ' + top + 'V' + (height - bottom)});
      runs.forEach(function (run, i) {
        var index = nearest(run.x, at), value = run.y[index], line = tip.appendChild(document.createElement('div'));
        var name = line.appendChild(document.createElement('span'));
        name.textContent = runs.length > 1 ? run.name + (shown[i] === step ? '' : ' (step ' + shown[i] + ')') : frame.dataset.key;
        line.appendChild(document.createElement('b')).textContent = value === null ? 'not finite' : String(value);
        if (!drawable(value) || shown[i] < from || shown[i] > to) return;
        part(svg, 'circle', {class: 'dot ' + run.mark, r: 3.5, cx: x(shown[i]).toFixed(1), cy: y(value).toFixed(1)});
      });
      var place = x(step) + 12;
      if (place + tip.offsetWidth > width) place = Math.max(0, x(step) - tip.offsetWidth - 12);
      tip.style.left = place + 'px';
      tip.style.top = top + 'px';
    }
    function show(newFrom, newTo) {
      from = Math.max(first, newFrom);
      to = Math.min(last, newTo);
      if (!(to > from)) { from = first; to = last; }
      draw();
    }
    function zoom(factor) {
      var middle = at === null ? (from + to) / 2 : at, half = (to - from) * factor / 2;
      show(middle - half, middle + half);
    }
    function pixel(event) { return (event.clientX - svg.getBoundingClientRect().left) * width / svg.getBoundingClientRect().width; }

    svg.addEventListener('pointerdown', function (event) {
      if (event.button !== 0) return;
      dragged = pixel(event);
      svg.setPointerCapture(event.pointerId);
    });
    svg.addEventListener('pointermove', function (event) {
      at = stepAt(pixel(event));
      point();
      svg.querySelectorAll('.chosen').forEach(function (each) { each.remove(); });
      if (dragged === null) return;
      var begin = Math.max(left, Math.min(dragged, pixel(event))), end = Math.min(width - right, Math.max(dragged, pixel(event)));
      part(svg, 'rect', {class: 'chosen', x: begin, y: top, width: Math.max(0, end - begin), height: height - top - bottom});
    });
    svg.addEventListener('pointerup', function (event) {
      var begin = dragged, end = pixel(event);
      dragged = null;
      if (begin !== null && Math.abs(end - begin) > 5) show(stepAt(Math.min(begin, end)), stepAt(Math.max(begin, end)));
    });
    svg.addEventListener('pointercancel', function () { dragged = null; draw(); });
    svg.addEventListener('pointerleave', function () { if (dragged === null) { at = null; point(); } });
    svg.addEventListener('blur', function () { at = null; point(); });
    svg.addEventListener('dblclick', function () { show(first, last); });
    svg.addEventListener('keydown', function (event) {
      var steps = runs[0].x, move = {ArrowLeft: -1, ArrowRight: 1}[event.key] * (event.shiftKey ? 10 : 1);
      if (move) {
        var index = at === null ? (move > 0 ? -1 : steps.length) : nearest(steps, at);
        at = Math.min(to, Math.max(from, steps[Math.max(0, Math.min(steps.length - 1, index + move))]));
        point();
      } else if (event.key === '+' || event.key === '=') { zoom(0.5);
      } else if (event.key === '-') { zoom(2);
      } else if (event.key === 'Escape') { at = null; show(first, last);
      } else { return; }
      event.preventDefault();
    });
    resetButton.addEventListener('click', function () { show(first, last); });
    logButton.addEventListener('click', function () {
      logarithmic = !logarithmic;
      logButton.setAttribute('aria-pressed', String(logarithmic));
      draw();
    });
    new ResizeObserver(function () { if (plot.clientWidth > 0 && plot.clientWidth !== width) draw(); }).observe(plot);
    draw();
  }
  document.querySelectorAll('figure.metric').forEach(bring);
  window.addEventListener('beforeprint', function () {
    document.querySelectorAll('details').forEach(function (each) { each.open = true; });
  });
})();
)js";

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
