"use strict";
/* Tables that sort, filter and search. The data is JSON in the page: {columns, texts, rows, link, labels, page}.
   A cell of a text column is a position in `texts`, so each text is compared once, however many rows hold it.
   Texts come from a CRM: they are put in as text, never as markup. */
(() => {
  const locale = document.documentElement.lang;
  const collator = new Intl.Collator(locale, { numeric: true, sensitivity: "base" });
  const numbers = new Intl.NumberFormat(locale, { useGrouping: "always" });
  const MOST_CHOICES = 60;
  const MOST_PRINTED = 200;

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
    const { columns, texts, labels, link } = data;
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

    const values = (at) => (columns[at].kind === "number" ? (row) => row[at] : (row) => rank()[row[at]]);

    function choose() {
      const hits = words.map((word) => folded.map((text) => text.includes(word)));
      const tests = asked.flatMap((want, at) => {
        if (want === null) return [];
        if (typeof want === "number") return [(row) => row[at] === want];
        if (columns[at].kind === "number") return [(row) => String(row[at]).includes(want)];
        const hit = folded.map((text) => text.includes(want));
        return [(row) => hit[row[at]]];
      });
      words.forEach((word, which) => tests.push((row) => columns.some((column, at) =>
        column.kind === "number" ? String(row[at]) === word : hits[which][row[at]])));
      found = tests.length ? data.rows.filter((row) => tests.every((test) => test(row))) : data.rows.slice();
      if (sorted.at >= 0) {
        const value = values(sorted.at);
        found.sort(sorted.down ? (a, b) => value(b) - value(a) : (a, b) => value(a) - value(b));
      }
      page = 0;
      show();
    }

    function cell(row, column, at) {
      if (column.kind !== "number") {
        const text = texts[row[at]];
        if (column.link && link) {
          const href = link[0] + row[column.link - 1] + link[1];
          return make("a", { href, target: "_blank", rel: "noopener noreferrer" }, text);
        }
        return text;
      }
      return String(row[at]);
    }

    function line(row) {
      return make("tr", row[columns.length] ? { class: "left" } : {}, ...columns.map((column, at) =>
        make("td", { "data-label": column.title, ...(column.kind === "number" ? { class: "number" } : {}) },
          cell(row, column, at))));
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
      const held = column.kind === "number" ? null : [...new Set(data.rows.map((row) => row[at]))];
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
        ...filters.map((control, at) => field(columns[at].title, control))),
      make("div", { class: "state screen" }, state, clear, back, next));
    holder.parentElement.querySelectorAll("[data-unscripted]").forEach((one) => one.remove());
    show();

    window.addEventListener("beforeprint", () => show(MOST_PRINTED));
    window.addEventListener("afterprint", () => show());
  }

  document.querySelectorAll("[data-table]").forEach(grow);
})();
