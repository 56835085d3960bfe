// Makes tables sortable, lets all tests be searched, draws the timeline in full, and zooms flame
// graphs. Nothing is fetched, nothing is stored, and whatever is shown as text is set as text.
(() => {
  "use strict";

  const make = (name, attributes = {}, ...content) => {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...content);
    return node;
  };
  const dataOf = (place, kind) => {
    const block = place.querySelector(`script[data-lw="${kind}"]`);
    return block && JSON.parse(block.textContent);
  };

  // Numbers as people read them, and back. The same rules as in `lapwing.units`.
  const three = (x) => (x >= 99.95 ? x.toFixed(0) : x >= 9.995 ? x.toFixed(1) : x.toFixed(2));
  const grouped = (x) => String(x).replace(/\B(?=(\d{3})+$)/g, ",");
  const two = (x) => String(x).padStart(2, "0");
  const duration = (us) => {
    if (us === 0) return "0 s";
    if (us < 999.5) return `${three(us)} µs`;
    if (us < 999500) return `${three(us / 1e3)} ms`;
    if (us < 59950000) return `${three(us / 1e6)} s`;
    const seconds = Math.round(us / 1e6);
    if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
    return `${Math.floor(seconds / 3600)} h ${two(Math.floor((seconds % 3600) / 60))} min`;
  };
  const size = (kb) => (kb >= 999500 ? `${three(kb / 1e6)} GB` : kb >= 1e3 ? `${three(kb / 1e3)} MB` : `${kb} kB`);
  const shown = (value, scale) =>
    value === null ? "–" : scale === "duration" ? duration(value) : scale === "size" ? size(value) : grouped(value);

  const UNITS = { ns: 1e-3, "µs": 1, us: 1, ms: 1e3, s: 1e6, min: 6e7, h: 3.6e9, B: 1e-3, kB: 1, MB: 1e3, GB: 1e6 };
  const numberOf = (text) => {
    const found = [...text.replace(/,/g, "").matchAll(/(\d+(?:\.\d+)?)\s*(ns|µs|us|ms|min|s|h|kB|MB|GB|B)?(?![\w])/g)];
    if (!found.length) return null;
    const composed = found.length > 1 && found[0][2];
    let sum = 0;
    for (const [, digits, unit] of composed ? found : found.slice(0, 1)) sum += digits * (UNITS[unit] ?? 1);
    if (text.includes("×")) sum = (sum - 1) * 100;
    return /^\s*[-−]/.test(text) ? -sum : sum;
  };

  // -- tables ----------------------------------------------------------------------------------------
  const heading = (th, sort) => {
    const button = make("button", { type: "button" }, th.textContent);
    th.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = th.getAttribute("aria-sort") === "descending"
        || (!th.hasAttribute("aria-sort") && !th.classList.contains("lw-number"));
      for (const other of th.parentNode.children) other.removeAttribute("aria-sort");
      th.setAttribute("aria-sort", down ? "ascending" : "descending");
      sort(down ? 1 : -1);
    });
  };
  const compare = (a, b, way) => {
    if (a === null || b === null) return (a === null) - (b === null);
    return (a < b ? -1 : a > b ? 1 : 0) * way;
  };
  const sortable = (table) => {
    const titles = table.tHead ? [...table.tHead.rows[0].cells] : [];
    titles.forEach((th, at) => {
      if (th.tagName !== "TH") return;
      const isNumber = th.classList.contains("lw-number");
      heading(th, (way) => {
        const keyed = [...table.tBodies[0].rows].map((row) => {
          const text = row.cells[at].textContent;
          return [isNumber ? numberOf(text) : text, row];
        });
        keyed.sort((a, b) => compare(a[0], b[0], way));
        table.tBodies[0].append(...keyed.map(([, row]) => row));
      });
    });
  };

  // -- all tests -------------------------------------------------------------------------------------
  const PAGE = 200;
  const LONG = 600; // letters of a name; more are shown in a box of some lines
  const nameOf = (names, number) => {
    const file = names.file[number];
    return file < 0 ? names.rest[number] : `${names.files[file]}::${names.rest[number]}`;
  };
  // Lines break behind the signs between words of a name, as in the markup that the server makes.
  const breakable = (name) => name.split(/(?<=[/._:[,=-])(?=[\p{L}\p{N}_])/u).flatMap((part, at) => (at ? [make("wbr"), part] : [part]));
  const listing = (place, names) => {
    const data = dataOf(place, "tests");
    const body = place.querySelector("tbody");
    const titles = place.querySelectorAll("thead th");
    const total = data.names.length;
    let order = Array.from({ length: total }, (_, at) => at);
    let fitting = order;
    let first = 0;

    const field = make("input", { type: "search", "aria-label": "Search the tests", placeholder: "part of a name, failed, >2s" });
    const count = make("span", { role: "status" });
    const back = make("button", { type: "button" }, "Back");
    const next = make("button", { type: "button" }, "Next");

    const words = (at) => data.words.map((column) => column.words[column.values[at]]);
    const draw = () => {
      const rows = fitting.slice(first, first + PAGE).map((at) => {
        const numbers = data.numbers.map((c) => make("td", { class: "lw-number" }, shown(c.values[at], c.scale)));
        const others = words(at).map((word) => make("td", {}, word));
        const name = nameOf(names, data.names[at]);
        const shownName = name.length > LONG ? [make("span", { class: "lw-long" }, ...breakable(name))] : breakable(name);
        return make("tr", {}, ...numbers, ...others, make("td", {}, ...shownName));
      });
      body.replaceChildren(...rows);
      const last = Math.min(first + PAGE, fitting.length);
      const part = fitting.length ? `${grouped(first + 1)} to ${grouped(last)} of ${grouped(fitting.length)}` : "None";
      count.textContent = fitting.length === total ? `${part} tests` : `${part} that fit, of ${grouped(total)} tests`;
      back.disabled = first === 0;
      next.disabled = last >= fitting.length;
    };
    const filter = () => {
      const terms = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      const limits = terms.filter((term) => /^[<>]\d/.test(term)).map((term) => [term[0] === ">" ? 1 : -1, numberOf(term)]);
      const texts = terms.filter((term) => !/^[<>]\d/.test(term));
      const times = data.numbers[0].values;
      fitting = order.filter((at) => {
        if (!limits.every(([way, limit]) => times[at] !== null && (times[at] - limit) * way > 0)) return false;
        if (!texts.length) return true;
        const text = `${nameOf(names, data.names[at])} ${words(at).join(" ")}`.toLowerCase();
        return texts.every((term) => text.includes(term));
      });
      first = 0;
      draw();
    };
    const keyOf = (column) => {
      if (column < data.numbers.length) return (at) => data.numbers[column].values[at];
      const word = data.words[column - data.numbers.length];
      if (word) return (at) => word.words[word.values[at]];
      return (at) => nameOf(names, data.names[at]);
    };
    titles.forEach((th, column) => heading(th, (way) => {
      const key = keyOf(column);
      const keys = order.map((_, at) => key(at));
      order.sort((a, b) => compare(keys[a], keys[b], way) || a - b);
      filter();
    }));
    let waiting = 0;
    field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 120); });
    back.addEventListener("click", () => { first = Math.max(0, first - PAGE); draw(); });
    next.addEventListener("click", () => { first += PAGE; draw(); });
    place.querySelector(".lw-without-scripts")?.remove();
    place.prepend(make("div", { class: "lw-bar-tools" }, field, back, next, count));
    draw();
  };

  // -- timeline --------------------------------------------------------------------------------------
  const LANE = 30, BAR = 16, NAME = 12, FOOT = 18, FIELDS = 3;
  const COLORS = ["--lw-4", "--lw-2", "--lw-1", "--lw-0", "--lw-3"]; // by kind, as in the style sheet
  const lines = { // by kind: the hatches of the style sheet; calls have none
    0: (c) => { c.moveTo(3, 0); c.lineTo(3, 6); },
    1: (c) => { c.moveTo(0, 6); c.lineTo(6, 0); },
    2: (c) => { c.arc(3, 3, 1, 0, 7); },
    4: (c) => { c.moveTo(0, 0); c.lineTo(6, 6); },
  };

  const timeline = (figure, names) => {
    const data = dataOf(figure, "timeline");
    const still = figure.querySelector("svg.lw-chart");
    // Spans of a lane: where each begins in the flat list, for searching by time.
    const lanes = data.lanes.map(({ name, spans }) => {
      const starts = [];
      for (let at = 0; at < spans.length; at += FIELDS + 2 * spans[at + 2]) starts.push(at);
      return { name, spans, starts };
    });
    const endOf = (lane, start) => {
      let end = lane.spans[start];
      for (let part = 0; part < lane.spans[start + 2]; part++) end += lane.spans[start + FIELDS + 2 * part + 1];
      return end;
    };
    const whole = Math.max(1, data.duration);
    let from = 0, to = whole, lane = 0, span = -1, drag = null;

    const canvas = make("canvas", { class: "lw-canvas", role: "img", tabindex: "0", "aria-label":
      `${data.said} Left and right arrow: next span; up and down: next process; plus and minus: zoom; 0: all.` });
    const now = make("p", { class: "lw-now", role: "status" }, "Point at a span, or use the arrow keys.");
    const c = canvas.getContext("2d");
    if (!c) return;
    const height = lanes.length * LANE + FOOT;
    const x = (us) => ((us - from) / (to - from)) * canvas.clientWidth;
    let patterns = {}, ink = {};

    const dress = () => {
      const style = getComputedStyle(document.documentElement);
      const of = (name) => style.getPropertyValue(name).trim() || "CanvasText";
      ink = { kinds: COLORS.map(of), soft: of("--lw-soft"), ink: of("--lw-ink"), bad: of("--lw-bad"), rule: of("--lw-rule") };
      patterns = {};
      for (const [kind, path] of Object.entries(lines)) {
        const tile = make("canvas", { width: 6, height: 6 }), t = tile.getContext("2d");
        t.strokeStyle = of("--lw-paper"); t.lineWidth = 1.4; t.beginPath(); path(t); t.stroke();
        patterns[kind] = c.createPattern(tile, "repeat");
      }
    };
    // The first span that ends after a moment: spans of a lane do not overlap.
    const firstAfter = (one, us) => {
      let low = 0, high = one.starts.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (endOf(one, one.starts[middle]) > us) high = middle; else low = middle + 1;
      }
      return low;
    };
    const paint = () => {
      const ratio = window.devicePixelRatio || 1, width = canvas.clientWidth;
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      c.setTransform(ratio, 0, 0, ratio, 0, 0);
      c.font = "11px system-ui, sans-serif";
      lanes.forEach((one, at) => {
        const top = at * LANE;
        c.fillStyle = ink.rule;
        c.fillRect(0, top + LANE - 1, width, 1);
        let covered = -1;
        for (let n = firstAfter(one, from); n < one.starts.length; n++) {
          const start = one.starts[n];
          let begin = one.spans[start];
          if (begin > to) break;
          for (let part = 0; part < one.spans[start + 2]; part++) {
            const kind = one.spans[start + FIELDS + 2 * part], end = begin + one.spans[start + FIELDS + 2 * part + 1];
            const left = x(begin), right = x(end);
            begin = end;
            if (right < 0 || left > width || right <= covered) continue;
            const wide = Math.max(right - left, 0.6);
            c.fillStyle = ink.kinds[kind];
            c.fillRect(left, top + NAME + 2, wide, BAR - 2);
            if (patterns[kind] && wide > 3) { c.fillStyle = patterns[kind]; c.fillRect(left, top + NAME + 2, wide, BAR - 2); }
            if (wide < 1) covered = left + 0.6;
          }
        }
        c.fillStyle = ink.soft;
        c.fillText(one.name, 2, top + NAME - 2);
      });
      if (span >= 0) {
        const one = lanes[lane], start = one.starts[span], left = x(one.spans[start]);
        c.strokeStyle = ink.ink; c.lineWidth = 2;
        c.strokeRect(left - 1, lane * LANE + NAME, Math.max(3, x(endOf(one, start)) - left + 2), BAR + 1);
      }
      if (data.floor !== null) {
        c.strokeStyle = ink.bad; c.setLineDash([7, 4]); c.beginPath();
        c.moveTo(x(data.floor), 0); c.lineTo(x(data.floor), height - FOOT); c.stroke(); c.setLineDash([]);
      }
      if (drag) { c.globalAlpha = 0.2; c.fillStyle = ink.ink; c.fillRect(drag[0], 0, drag[1] - drag[0], height - FOOT); c.globalAlpha = 1; }
      c.fillStyle = ink.soft;
      c.fillText(duration(Math.round(from)), 2, height - 5);
      c.textAlign = "right"; c.fillText(duration(Math.round(to)), width - 2, height - 5); c.textAlign = "left";
    };
    const tell = () => {
      const one = lanes[lane];
      if (span < 0 || !one) return;
      const start = one.starts[span], begin = one.spans[start], end = endOf(one, start);
      const parts = [];
      for (let part = 0; part < one.spans[start + 2]; part++)
        parts.push(`${data.kinds[one.spans[start + FIELDS + 2 * part]]} ${duration(one.spans[start + FIELDS + 2 * part + 1])}`);
      now.textContent = `${one.name}, ${duration(begin)} to ${duration(end)}: ${nameOf(names, one.spans[start + 1])}, `
        + `${duration(end - begin)} (${parts.join(", ")})`;
    };
    const zoom = (factor, around) => {
      const wide = Math.min(whole, Math.max(20, (to - from) * factor));
      from = Math.min(Math.max(0, around - (around - from) * (wide / (to - from))), whole - wide);
      to = from + wide;
      paint();
    };
    const show = () => { // bring the chosen span into view
      const start = lanes[lane].starts[span], begin = lanes[lane].spans[start], wide = to - from;
      if (begin < from || begin > to) { from = Math.min(Math.max(0, begin - wide / 2), whole - wide); to = from + wide; }
      tell();
      paint();
    };
    const choose = (event) => {
      const place = canvas.getBoundingClientRect();
      const at = Math.floor((event.clientY - place.top) / LANE);
      if (!lanes[at]) return;
      const us = from + ((event.clientX - place.left) / place.width) * (to - from);
      const found = firstAfter(lanes[at], us);
      const near = found < lanes[at].starts.length && lanes[at].spans[lanes[at].starts[found]] <= us + (to - from) / 300;
      if (!near) return;
      [lane, span] = [at, found];
      tell();
      paint();
    };
    const middle = () => (span >= 0 ? lanes[lane].spans[lanes[lane].starts[span]] : (from + to) / 2);
    const KEYS = {
      ArrowRight: () => { if (span + 1 < lanes[lane].starts.length) span++; },
      ArrowLeft: () => { span = Math.max(0, span - 1); },
      ArrowDown: () => { const us = middle(); lane = Math.min(lanes.length - 1, lane + 1); span = Math.min(firstAfter(lanes[lane], us), lanes[lane].starts.length - 1); },
      ArrowUp: () => { const us = middle(); lane = Math.max(0, lane - 1); span = Math.min(firstAfter(lanes[lane], us), lanes[lane].starts.length - 1); },
    };
    canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !lanes.length) return;
      if (KEYS[event.key]) { KEYS[event.key](); if (span >= 0) show(); }
      else if (event.key === "+") zoom(0.5, middle());
      else if (event.key === "-") zoom(2, middle());
      else if (event.key === "0") { from = 0; to = whole; paint(); }
      else return;
      event.preventDefault();
    });
    const offset = (event) => event.clientX - canvas.getBoundingClientRect().left;
    canvas.addEventListener("pointerdown", (event) => { if (event.pointerType === "mouse") drag = [offset(event), offset(event)]; });
    canvas.addEventListener("pointermove", (event) => { if (drag) { drag[1] = offset(event); paint(); } else choose(event); });
    window.addEventListener("pointerup", () => {
      if (!drag) return;
      const [a, b] = drag.sort((one, other) => one - other), width = canvas.clientWidth;
      drag = null;
      if (b - a > 8) { const wide = to - from; to = Math.min(whole, from + (b / width) * wide); from = Math.max(0, from + (a / width) * wide); }
      paint();
    });
    canvas.addEventListener("click", choose);

    const button = (sign, said, act) => {
      const one = make("button", { type: "button", "aria-label": said }, sign);
      one.addEventListener("click", act);
      return one;
    };
    const tools = make("div", { class: "lw-bar-tools" },
      button("+", "Zoom in", () => zoom(0.5, middle())), button("−", "Zoom out", () => zoom(2, middle())),
      button("All", "Show the whole run", () => { from = 0; to = whole; paint(); }));
    canvas.style.height = `${height}px`;
    still.replaceWith(tools, canvas, now);
    dress();
    paint();
    new ResizeObserver(paint).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { dress(); paint(); });
  };

  // -- flame graph -----------------------------------------------------------------------------------
  const flame = (figure) => {
    const picture = figure.querySelector("svg.lw-flame");
    const boxes = [...picture.querySelectorAll("svg.lw-call")].map((node) => ({
      node, said: node.querySelector("title").textContent, row: Number(node.getAttribute("y")),
      begin: parseFloat(node.getAttribute("x")), width: parseFloat(node.getAttribute("width")),
    }));
    const now = make("p", { class: "lw-now", role: "status" }, "Point at a call, click to zoom into it, or use the arrow keys and Enter.");
    const field = make("input", { type: "search", "aria-label": "Search the calls", placeholder: "part of a function or file" });
    const found = make("span", { role: "status" });
    const all = make("button", { type: "button" }, "All");
    let chosen = -1;

    const zoom = (box) => {
      const [begin, width] = box ? [box.begin, box.width] : [0, 100];
      for (const one of boxes) {
        const left = Math.max(0, one.begin - begin), right = Math.min(width, one.begin + one.width - begin);
        const seen = right - left > width * 1e-4;
        one.node.style.display = seen ? "" : "none";
        if (!seen) continue;
        one.node.setAttribute("x", `${(100 * left) / width}%`);
        one.node.setAttribute("width", `${(100 * (right - left)) / width}%`);
      }
    };
    const choose = (at) => {
      if (chosen >= 0) boxes[chosen].node.classList.remove("lw-chosen");
      chosen = at;
      boxes[at].node.classList.add("lw-chosen");
      now.textContent = boxes[at].said;
    };
    const near = (rows, side) => { // the next box in that direction that can be seen
      const from = chosen < 0 ? { row: -1, begin: 0, width: 0 } : boxes[chosen];
      const row = rows === 0 ? from.row : boxes.map((one) => one.row).filter((one) => (one - from.row) * rows > 0)
        .sort((a, b) => (a - b) * rows)[0];
      const fitting = boxes.map((one, at) => [one, at]).filter(([one]) => one.row === row && one.node.style.display !== "none"
        && (side === 0 ? one.begin + one.width > from.begin - 1e-9 && one.begin < from.begin + Math.max(from.width, 1e-6) : (one.begin - from.begin) * side > 0));
      fitting.sort((a, b) => (side === 0 ? b[0].width - a[0].width : (a[0].begin - b[0].begin) * side));
      if (fitting.length) choose(fitting[0][1]);
    };
    const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    picture.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (MOVES[event.key]) near(...MOVES[event.key]);
      else if (event.key === "Enter" && chosen >= 0) zoom(boxes[chosen]);
      else if (event.key === "Escape" || event.key === "0") zoom(null);
      else return;
      event.preventDefault();
    });
    boxes.forEach((one, at) => {
      one.node.addEventListener("pointerenter", () => { now.textContent = one.said; });
      one.node.addEventListener("click", () => { choose(at); zoom(one); });
    });
    field.addEventListener("input", () => {
      const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      const fits = (one) => words.every((word) => one.said.toLowerCase().includes(word));
      let count = 0;
      for (const one of boxes) { const lost = words.length > 0 && !fits(one); one.node.classList.toggle("lw-lost", lost); count += !lost; }
      found.textContent = words.length ? `${grouped(count)} of ${grouped(boxes.length)} calls` : "";
    });
    all.addEventListener("click", () => zoom(null));
    picture.classList.add("lw-zoomable");
    picture.setAttribute("tabindex", "0");
    picture.before(make("div", { class: "lw-bar-tools" }, field, all, found), now);
  };

  const start = () => {
    const names = dataOf(document, "names");
    for (const place of document.querySelectorAll('[data-lw-list="tests"]')) listing(place, names);
    for (const figure of document.querySelectorAll('[data-lw-chart="timeline"]')) timeline(figure, names);
    for (const figure of document.querySelectorAll('[data-lw-chart="flame"]')) flame(figure);
    for (const table of document.querySelectorAll("table.lw-table")) if (!table.closest("[data-lw-list]")) sortable(table);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
