/* Suggestions under a search field: the combobox pattern of ARIA 1.2, by keyboard and announced. */

const WAIT = 140;

export function combobox(box) {
  const input = box.querySelector("input");
  const list = document.createElement("ul");
  const status = document.createElement("p");
  let options = [];
  let active = -1;
  let timer = 0;
  let asking = null;

  list.id = `${input.id}-suggestions`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0]?.textContent ?? "");
  status.className = "vh";
  status.setAttribute("role", "status");
  box.append(list, status);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);

  function close() {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(index) {
    options[active]?.setAttribute("aria-selected", "false");
    active = index;
    const option = options[active];
    if (!option) return void input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  }

  function option(found, index) {
    const item = document.createElement("li");
    const text = document.createElement("span");
    const what = document.createElement("span");
    item.id = `${list.id}-${index}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.dataset.url = found.url;
    text.textContent = found.text;
    if (found.lang && found.lang !== document.documentElement.lang) text.lang = found.lang;
    what.className = "what";
    what.textContent = found.kind_label;
    item.append(text, what);
    item.addEventListener("mousedown", (event) => event.preventDefault());
    item.addEventListener("click", () => location.assign(found.url));
    return item;
  }

  function show(found) {
    options = found.map(option);
    active = -1;
    list.replaceChildren(...options);
    list.hidden = !options.length;
    input.setAttribute("aria-expanded", String(Boolean(options.length)));
    input.removeAttribute("aria-activedescendant");
    const { none, one, some } = box.dataset;
    status.textContent = !options.length ? none : options.length === 1 ? one : some.replace("{n}", options.length);
  }

  async function ask() {
    const typed = input.value.trim();
    if (typed.length < 2) return close();
    asking?.abort();
    asking = new AbortController();
    const address = new URL(box.dataset.suggest, location.href);
    address.searchParams.set("q", typed);
    const lang = new URLSearchParams(location.search).get("lang");
    if (lang) address.searchParams.set("lang", lang);
    try {
      const answer = await fetch(address, { signal: asking.signal });
      if (!answer.ok) return close();
      const { suggestions } = await answer.json();
      if (document.activeElement === input) show(suggestions);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("blur", () => {
    clearTimeout(timer);
    asking?.abort();
    close();
  });
  input.form?.addEventListener("submit", () => {
    clearTimeout(timer);
    asking?.abort();
    close();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) return void ask();
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const places = options.length + 1;
      choose(((active + 1 + step + places) % places) - 1);
    } else if (event.key === "Enter" && active >= 0 && !list.hidden) {
      event.preventDefault();
      location.assign(options[active].dataset.url);
    }
  });
}
