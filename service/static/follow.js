// The answer follows the form: the server renders the page anew, and what follows (data-follows) is put in place.
// The address always says the whole state, so that a link, the back button and a reload come to the same.

const PAUSE = 40; // ms without a keystroke before we ask
const PATIENCE = 150; // ms before we say that we are waiting
const QUIET = 700; // ms of quiet before the answer is read out

export function follow(form) {
  const outlet = document.querySelector("#answer");
  const progress = document.querySelector("#progress");
  const trouble = document.querySelector("#trouble");
  const said = document.querySelector("#said");
  let flying, pause, quiet;
  // Where there is room beside the answer, the whole form stands open.
  if (matchMedia("(min-width: 62rem)").matches) form.querySelector("#more").open = true;

  const query = () =>
    new URLSearchParams([...new FormData(form)].filter(([, text]) => text.trim())).toString();
  const address = (search) => form.action.split("?")[0] + (search && `?${search}`);

  // One entry in the history for each field that is being changed, however many keystrokes that takes.
  function remember(field) {
    const search = query();
    if (search === location.search.slice(1)) return;
    const same = history.state?.field === field;
    history[same ? "replaceState" : "pushState"]({ field }, "", address(search));
  }

  async function show() {
    flying?.abort();
    const mine = (flying = new AbortController());
    const slow = setTimeout(() => wait(true), PATIENCE);
    try {
      const response = await fetch(location.href, { signal: mine.signal, headers: { Accept: "text/html" } });
      const text = await response.text();
      if (!(response.headers.get("Content-Type") ?? "").startsWith("text/html")) throw new Refusal(reason(response, text));
      put(new DOMParser().parseFromString(text, "text/html"));
      complain("");
    } catch (error) {
      if (error.name === "AbortError") return;
      complain(error instanceof Refusal ? error.message : "The service can't be reached. What you see is the last answer.");
    } finally {
      clearTimeout(slow);
      if (flying === mine) wait(false);
    }
  }

  function wait(waiting) {
    outlet.toggleAttribute("aria-busy", waiting);
    if (waiting) outlet.setAttribute("aria-busy", "true");
    progress.textContent = waiting ? "Working out the answer…" : "";
  }

  function complain(message) {
    trouble.replaceChildren(message);
    if (!message) return;
    const again = Object.assign(document.createElement("button"), { type: "button", textContent: "Try again" });
    again.addEventListener("click", show);
    trouble.append(" ", again);
  }

  function put(page) {
    const inside = outlet.contains(document.activeElement);
    const open = [...document.querySelectorAll("#answer details[open]")].map((details) => details.id);
    for (const now of document.querySelectorAll("[data-follows]")) {
      const next = page.getElementById(now.id);
      if (!next) continue;
      Object.assign(now.dataset, next.dataset);
      if (now.innerHTML !== next.innerHTML) now.replaceChildren(...next.childNodes);
    }
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    for (const after of form.querySelectorAll(".after")) mark(after);
    document.title = page.title;
    form.className = page.querySelector("#project").className;
    if (inside) (document.querySelector("#next") ?? document.querySelector("#headline"))?.focus();
    clearTimeout(quiet);
    quiet = setTimeout(() => (said.textContent = page.querySelector("#said").textContent), QUIET);
  }

  function mark(after) {
    const wrong = after.dataset.wrong === "true";
    const control = form.querySelector(`[aria-describedby="${after.id}"]`);
    if (control?.matches("input, select, textarea")) {
      if (wrong) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    }
    if (wrong) for (let fold = after.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  }

  // The form as an address says it.
  function fill() {
    const given = new URLSearchParams(location.search);
    for (const control of form.elements) {
      if (!control.name) continue;
      const values = given.getAll(control.name);
      if (control.type === "checkbox") control.checked = values.join(",").split(",").includes(control.value);
      else control.value = values[0] ?? "";
    }
  }

  form.addEventListener("input", ({ target }) => {
    clearTimeout(pause);
    const typed = target.matches("textarea, input:not([type=checkbox])");
    pause = setTimeout(() => {
      remember(target.name);
      show();
    }, typed ? PAUSE : 0);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(pause);
    remember("submit");
    show();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const plain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!link || !plain || !link.matches("[data-go], .examples a, .clear")) return;
    event.preventDefault();
    history.pushState({}, "", link.href);
    fill();
    show();
  });
  addEventListener("popstate", () => {
    fill();
    show();
  });
  // A browser may put back what was typed before a reload; the address has the last word.
  addEventListener("pageshow", fill);
}

class Refusal extends Error {}

function reason(response, text) {
  if (response.status === 400 || response.status === 414) return "That is too long for a link: shorten the description.";
  try {
    return `${JSON.parse(text).detail} What you see is the last answer.`;
  } catch {
    return `The service answered ${response.status}. What you see is the last answer.`;
  }
}
