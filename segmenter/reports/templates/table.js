"use strict";
/* Tables that sort, filter and search. The data is JSON in the page: {columns, texts, rows, tones, link, currency,
   labels, page}. A row is the id of its record, its cells, and 1 if it was left. The kinds of columns: "number", "money",
   and texts ("name" leads to the record, "segment" has a colour of `tones`, "why" is unfolded).
   A cell of a text column is a position in `texts`, so each text is compared once, however many rows hold it.
   Texts come from a CRM: they are put in as text, never as markup. */
(() => {
  const locale = document.documentElement.lang;
  const collator = new Intl.Collator(locale, { numeric: true, sensitivity: "base" });
  const numbers = new Intl.NumberFormat(locale, { useGrouping: "always" });
  const MOST_CHOICES = 60;
  const MOST_PRINTED = 40;
  const SVG = "http://www.w3.org/2000/svg";

  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const filled = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

  function make(name, about = {}, ...inside) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(about)) made.setAttribute(key, value);
    made.append(...inside);
    return made;
  }

  function grow(holder) {
    const data = JSON.parse(document.getElementById(holder.dataset.table).textContent);
    const { columns, texts, labels, link, tones } = data;
    const numeric = (at) => ["number", "money"].includes(columns[at].kind);
    const money = new Intl.NumberFormat(locale, data.currency
      ? { style: "currency", currency: data.currency, maximumFractionDigits: 0 } : { maximumFractionDigits: 0 });
    const folded = texts.map(plain);
    const table = holder.querySelector("table");
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[0].cells];
    const asked = columns.map(() => null);
    let words = [];
    let sorted = { at: -1, down: false };
    let ranks = null;
    let found = data.rows;
    let page = 0;

    const rank = () => {
      if (!ranks) {
        const order = texts.map((_, at) => at).sort((a, b) => collator.compare(texts[a], texts[b]));
        ranks = new Int32Array(texts.length);
        order.forEach((at, place) => { ranks[at] = place; });
      }
      return ranks;
    };

    const values = (at) => (numeric(at) ? (row) => row[at + 1] : (row) => rank()[row[at + 1]]);

    function choose() {
      const hits = words.map((word) => folded.map((text) => text.includes(word)));
      const tests = asked.flatMap((want, at) => {
        if (want === null) return [];
        if (typeof want === "number") return [(row) => row[at + 1] === want];
        if (columns[at].kind === "money") return [(row) => row[at + 1] >= Number(want.replace(/\D/g, ""))];
        if (columns[at].kind === "number") return [(row) => String(row[at + 1]).includes(want)];
        const hit = folded.map((text) => text.includes(want));
        return [(row) => hit[row[at + 1]]];
      });
      words.forEach((word, which) => tests.push((row) => String(row[0]) === word || columns.some((column, at) =>
        numeric(at) ? String(row[at + 1]) === word : hits[which][row[at + 1]])));
      found = tests.length ? data.rows.filter((row) => tests.every((test) => test(row))) : data.rows.slice();
      if (sorted.at >= 0) {
        const value = values(sorted.at);
        found.sort(sorted.down ? (a, b) => value(b) - value(a) : (a, b) => value(a) - value(b));
      }
      page = 0;
      show();
    }

    function chip(tone) {
      const drawn = document.createElementNS(SVG, "svg");
      const circle = document.createElementNS(SVG, "circle");
      for (const [name, value] of [["class", "chip"], ["width", 12], ["height", 12], ["aria-hidden", "true"]])
        drawn.setAttribute(name, value);
      for (const [name, value] of [["cx", 6], ["cy", 6], ["r", 5.5], ["fill", tone], ["stroke", "#3b4754"]])
        circle.setAttribute(name, value);
      drawn.append(circle);
      return drawn;
    }

    function cell(row, kind, value) {
      if (kind === "money") return [value ? money.format(value) : ""];
      if (kind === "number") return [String(value)];
      const text = texts[value];
      if (kind === "name" && link) {
        const href = link[0] + row[0] + link[1];
        return [make("a", { href, target: "_blank", rel: "noopener noreferrer" }, text)];
      }
      if (kind === "segment" && tones[value]) return [chip(tones[value]), text];
      return kind === "why" && text ? [why(text)] : [text];
    }

    function why(text) {
      const button = make("button", { type: "button", class: "why", "aria-expanded": "false" }, labels.show);
      button.addEventListener("click", () => {
        const line = button.closest("tr");
        const shown = button.getAttribute("aria-expanded") === "true";
        if (shown) line.nextElementSibling.remove();
        else line.after(make("tr", { class: "more" }, make("td", { colspan: columns.length }, text)));
        button.setAttribute("aria-expanded", String(!shown));
      });
      return button;
    }

    function line(row) {
      return make("tr", row[columns.length + 1] ? { class: "left" } : {}, ...columns.map((column, at) =>
        make("td", { "data-label": column.title, class: column.kind }, ...cell(row, column.kind, row[at + 1]))));
    }

    function show(most = data.page) {
      const first = most === data.page ? page * data.page : 0;
      body.replaceChildren(...found.slice(first, first + most).map(line));
      const last = Math.min(first + most, found.length);
      state.textContent = found.length
        ? filled(labels.shown, { from: numbers.format(first + 1), to: numbers.format(last), total: numbers.format(found.length) })
        : labels.none;
      back.disabled = !first;
      next.disabled = last >= found.length;
    }

    let fields = 0;
    function field(label, control, about = {}) {
      fields += 1;
      control.id = `${holder.dataset.table}-${fields}`;
      return make("div", about, make("label", { for: control.id }, label), control);
    }

    const search = make("input", { type: "search", autocomplete: "off", spellcheck: "false" });
    search.addEventListener("input", () => { words = plain(search.value).split(/\s+/).filter(Boolean); choose(); });
    const filters = columns.map((column, at) => {
      const held = numeric(at) ? null : [...new Set(data.rows.map((row) => row[at + 1]))];
      if (held && held.length <= MOST_CHOICES) {
        held.sort((a, b) => rank()[a] - rank()[b]);
        const select = make("select", {}, make("option", { value: "" }, labels.all),
          ...held.map((text) => make("option", { value: text }, texts[text])));
        select.addEventListener("change", () => { asked[at] = select.value === "" ? null : Number(select.value); choose(); });
        return select;
      }
      const input = make("input", { type: "text", autocomplete: "off", spellcheck: "false" });
      input.addEventListener("input", () => { asked[at] = plain(input.value.trim()) || null; choose(); });
      return input;
    });
    const clear = make("button", { type: "button", class: "plain" }, labels.clear);
    clear.addEventListener("click", () => {
      [search, ...filters].forEach((control) => { control.value = ""; });
      asked.fill(null);
      words = [];
      choose();
    });
    const state = make("p", { role: "status", class: "small soft" });
    const back = make("button", { type: "button", class: "plain" }, labels.back);
    const next = make("button", { type: "button", class: "plain" }, labels.next);
    back.addEventListener("click", () => { page -= 1; show(); });
    next.addEventListener("click", () => { page += 1; show(); });

    heads.forEach((head, at) => {
      const button = make("button", { type: "button", class: "sort" }, head.textContent.trim());
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        sorted = { at, down: sorted.at === at && !sorted.down };
        heads.forEach((one) => one.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", sorted.down ? "descending" : "ascending");
        choose();
      });
    });
    holder.prepend(
      make("div", { class: "tools screen", role: "search" },
        field(labels.search, search, { class: "search" }),
        ...filters.map((control, at) => field(columns[at].kind === "money"
          ? filled(labels.least, { column: columns[at].title }) : columns[at].title, control))),
      make("div", { class: "state screen" }, state, clear, back, next));
    holder.parentElement.querySelectorAll("[data-unscripted]").forEach((one) => one.remove());
    show();

    window.addEventListener("beforeprint", () => show(MOST_PRINTED));
    window.addEventListener("afterprint", () => show());
  }

  document.querySelectorAll("[data-table]").forEach(grow);
})();
