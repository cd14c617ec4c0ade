// What is wrong with the texts of a page, one line each: those that leave the window or the picture
// they are in, short words that are broken in two, and pairs that cover each other.
const found = [];
const texts = [];

// The four corners of a box, less what lies above and below the letters.
function corners(box, matrix) {
  const inset = box.height * 0.15;
  return [[0, 0], [1, 0], [1, 1], [0, 1]].map(([x, y]) => {
    const point = new DOMPoint(box.x + x * box.width, box.y + (y ? box.height - inset : inset));
    const at = matrix ? point.matrixTransform(matrix) : point;
    return [at.x, at.y];
  });
}

// Whether two four-sided shapes share more than a pixel, in whatever direction one looks.
function cover(a, b) {
  for (const shape of [a, b]) {
    for (let i = 0; i < 4; ++i) {
      const [from, to] = [shape[i], shape[(i + 1) % 4]];
      const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
      const normal = [(to[1] - from[1]) / length, (from[0] - to[0]) / length];
      const reach = (of) => of.map(([x, y]) => x * normal[0] + y * normal[1]);
      const [ra, rb] = [reach(a), reach(b)];
      if (Math.min(Math.max(...ra), Math.max(...rb)) - Math.max(Math.min(...ra), Math.min(...rb)) < 1) return false;
    }
  }
  return true;
}

function outside(shape, frame) {
  return shape.some(([x, y]) => x < frame.left - 1 || x > frame.right + 1 || y < frame.top - 1 || y > frame.bottom + 1);
}

// What can be scrolled sideways to see all of an element.
function scrollable(element) {
  for (let each = element; each && each !== document.documentElement; each = each.parentElement) {
    if (['auto', 'scroll'].includes(getComputedStyle(each).overflowX)) return each;
  }
  return null;
}

for (const text of document.querySelectorAll('svg text')) {
  const content = text.textContent.trim();
  if (!content || !text.checkVisibility()) continue;
  const shape = corners(text.getBBox(), text.getScreenCTM());
  if (outside(shape, text.farthestViewportElement.getBoundingClientRect())) found.push('cut by its picture: ' + content);
  texts.push({content, shape, frame: null});
}

const walker = document.body ? document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT) : null;
for (let node = walker && walker.nextNode(); node; node = walker.nextNode()) {
  const parent = node.parentElement;
  if (!node.data.trim() || parent.closest('svg, script, style') || !parent.checkVisibility({visibilityProperty: true})) continue;
  const range = document.createRange();
  for (const word of node.data.matchAll(/(?<!\S)[\w.:]{2,12}(?!\S)/gu)) {
    range.setStart(node, word.index);
    range.setEnd(node, word.index + word[0].length);
    const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
    if (lines.size > 1) found.push('broken in two: ' + word[0]);
  }
  range.selectNodeContents(node);
  const frame = scrollable(parent);
  for (const box of range.getClientRects()) {
    if (box.width < 1 || box.height < 1) continue;
    const text = {content: node.data.trim().slice(0, 60), shape: corners(box), frame};
    const sight = {left: 0, right: document.documentElement.clientWidth, top: -Infinity, bottom: Infinity};
    if (!frame && outside(text.shape, sight)) found.push('cut by the window: ' + text.content);
    texts.push(text);
  }
}

texts.sort((a, b) => Math.min(...a.shape.map((p) => p[1])) - Math.min(...b.shape.map((p) => p[1])));
for (let i = 0; i < texts.length; ++i) {
  const bottom = Math.max(...texts[i].shape.map((p) => p[1]));
  for (let k = i + 1; k < texts.length && Math.min(...texts[k].shape.map((p) => p[1])) < bottom; ++k) {
    if (texts[i].frame !== texts[k].frame) continue;
    if (cover(texts[i].shape, texts[k].shape)) found.push('over each other: ' + texts[i].content + ' | ' + texts[k].content);
  }
}

const root = document.documentElement;
if (document.body && root.scrollWidth > root.clientWidth) found.push(`wider than the window: ${root.scrollWidth} > ${root.clientWidth}`);
return {found, texts: texts.length};
