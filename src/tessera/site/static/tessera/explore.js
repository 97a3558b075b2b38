/* Explore without reloading: results and counts are fetched and put in place, the address and the
   back button stay right, focus stays where it was, and each change is announced once. Everything
   here also works without this file. */

import { combobox } from "./suggest.js";

const SWAPPED = ["lead", "results"];
const QUIET = 300;

const explore = document.getElementById("explore");
const form = document.getElementById("search");

document.documentElement.classList.add("js");
for (const field of document.querySelectorAll("[data-combobox]")) combobox(field);
if (explore && form) enhance();

function enhance() {
  const filters = document.getElementById("filters");
  const announce = document.getElementById("announce");
  let asking = null;
  let typing = 0;
  history.replaceState({ explore: true }, "");

  /* The address that sending the form would lead to, without blank fields. */
  function formAddress() {
    const params = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (String(value).trim() && !name.startsWith("find.")) params.append(name, value);
    }
    return `${form.action}?${params}`;
  }

  async function page(address) {
    asking?.abort();
    asking = new AbortController();
    const answer = await fetch(address, { signal: asking.signal, headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const html = await answer.text();
    return { url: answer.url, doc: new DOMParser().parseFromString(html, "text/html") };
  }

  /* Show the page of an address in place of this one's results. */
  async function show(address, { push = true, focus = "", scroll = false } = {}) {
    explore.classList.add("busy");
    try {
      const { url, doc } = await page(address);
      if (push) history.pushState({ explore: true }, "", url.split("#")[0]);
      replace(doc);
      restoreFocus(focus);
      if (scroll) explore.scrollIntoView();
      announce.textContent = said();
    } catch (error) {
      if (error.name !== "AbortError") location.assign(address);
      return;
    }
    explore.classList.remove("busy");
  }

  /* What was found in which way, and how the words were spelt where that is said. */
  function said() {
    const lines = ["sentence", "account", "spelling"].map((id) => document.getElementById(id)?.textContent ?? "");
    return lines.join(" ").replace(/\s+/g, " ").trim();
  }

  function replace(doc) {
    const open = unfolded();
    const words = document.getElementById("added-words")?.open;
    document.title = doc.title;
    for (const id of SWAPPED) {
      document.getElementById(id).replaceChildren(...doc.getElementById(id).childNodes);
    }
    const folded = document.getElementById("added-words");
    if (folded && words) folded.open = true;
    const active = document.activeElement?.id ?? "";
    const fresh = doc.getElementById("filters");
    filters.replaceChildren(...fresh.childNodes);
    for (const [name, isOpen] of open) {
      const facet = filters.querySelector(`[data-facet="${CSS.escape(name)}"]`);
      if (facet) facet.open = isOpen;
    }
    swapHidden(doc);
    if (active) document.getElementById(active)?.focus({ preventScroll: true });
  }

  function unfolded() {
    return [...filters.querySelectorAll("[data-facet]")].map((f) => [f.dataset.facet, f.open]);
  }

  /* Hidden fields and typed words of the form follow the page that is shown. */
  function swapHidden(doc) {
    for (const field of form.querySelectorAll("input[type=hidden]")) field.remove();
    const fresh = doc.getElementById("search");
    form.firstElementChild.append(...fresh.querySelectorAll("input[type=hidden]"));
    if (document.activeElement?.id !== "q") form.q.value = fresh.querySelector("#q").value;
  }

  function restoreFocus(id) {
    if (!id || document.activeElement?.id === id) return;
    const target = document.getElementById(id) ?? document.getElementById("results");
    target?.focus({ preventScroll: true });
  }

  /* A list within one filter is swapped alone: this changes no results. */
  async function showList(facet, address) {
    const focus = document.activeElement?.id;
    try {
      const { doc } = await page(address);
      const fresh = doc.getElementById(facet.id)?.querySelector("[data-list]");
      const list = facet.querySelector("[data-list]");
      if (fresh && list) {
        list.replaceChildren(...fresh.childNodes);
        const count = list.querySelectorAll(".choice").length;
        announce.textContent = `${facet.querySelector("summary").firstChild.textContent}: ${count}`;
      }
      if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
    } catch (error) {
      if (error.name !== "AbortError") location.assign(address);
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    closeSheet();
    show(formAddress(), { focus: document.activeElement?.id });
  });

  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.form !== form) return;
    const live = field.type === "checkbox" || field.id === "sort";
    if (live) show(formAddress(), { focus: field.id });
  });

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.name?.startsWith("find.")) return;
    clearTimeout(typing);
    typing = setTimeout(() => {
      const address = new URL(location.href);
      if (field.value.trim()) address.searchParams.set(field.name, field.value);
      else address.searchParams.delete(field.name);
      showList(field.closest(".facet"), address.href);
    }, QUIET);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.name?.startsWith("find.")) event.preventDefault();
    if (event.key === "Escape" && filters.classList.contains("is-open")) closeSheet();
    if (event.key === "Tab" && filters.classList.contains("is-open")) keepInside(event);
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    if (link.classList.contains("open-filters")) return void openSheet(event);
    if (link.classList.contains("close-filters")) return void (event.preventDefault(), closeSheet());
    if (!explore.contains(link) || link.origin !== location.origin) return;
    if (link.pathname !== new URL(form.action).pathname) return;
    event.preventDefault();
    if (link.classList.contains("unfold")) {
      showList(link.closest(".facet"), link.href);
    } else {
      const paging = link.closest(".pages") !== null;
      const focus = paging ? "results" : link.dataset.focus || link.id || "results";
      show(link.href, { focus, scroll: paging });
    }
  });

  window.addEventListener("popstate", (event) => {
    if (event.state?.explore) show(location.href, { push: false });
  });

  function openSheet(event) {
    event.preventDefault();
    filters.classList.add("is-open");
    document.body.classList.add("sheet-open");
    filters.setAttribute("role", "dialog");
    filters.setAttribute("aria-modal", "true");
    filters.focus();
  }

  function closeSheet() {
    if (!filters.classList.contains("is-open")) return;
    filters.classList.remove("is-open");
    document.body.classList.remove("sheet-open");
    filters.removeAttribute("role");
    filters.removeAttribute("aria-modal");
    explore.querySelector(".open-filters")?.focus();
  }

  function keepInside(event) {
    const stops = [...filters.querySelectorAll("a[href], button, input, summary")].filter(
      (each) => each.offsetParent !== null && each.tabIndex >= 0,
    );
    const [first, last] = [stops[0], stops.at(-1)];
    if (event.shiftKey && [first, filters].includes(document.activeElement)) {
      event.preventDefault();
      last.focus();
    } else if (!event.shiftKey && document.activeElement === last) {
      event.preventDefault();
      first.focus();
    }
  }
}
