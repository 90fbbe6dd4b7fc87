// The rules that are wanted, as one types; the address keeps up. What the proof says comes when it has been counted.

export function filtering(form) {
  const rules = [...document.querySelectorAll(".rule")];
  const count = document.querySelector("#count");

  function show() {
    const wanted = Object.fromEntries(new FormData(form));
    const words = wanted.find.toLowerCase().split(/\s+/);
    for (const rule of rules) {
      const { text, theme, effect, state } = rule.dataset;
      rule.hidden = !(
        words.every((word) => text.includes(word)) &&
        ["", theme].includes(wanted.theme) &&
        ["", ...effect.split(" ")].includes(wanted.effect) &&
        ["", state].includes(wanted.state ?? "")
      );
    }
    count.textContent = `${rules.filter((rule) => !rule.hidden).length} of ${rules.length} rules`;
    const said = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    history.replaceState(null, "", `?${said}${location.hash}`);
  }

  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
}

export async function proving(link) {
  const place = document.querySelector("#proof");
  const words = place.innerHTML;
  place.textContent = "Counting what the proof says…";
  try {
    const page = new DOMParser().parseFromString(await (await fetch(link.href)).text(), "text/html");
    for (const now of document.querySelectorAll("[data-follows]")) now.replaceChildren(...page.getElementById(now.id).childNodes);
  } catch {
    place.innerHTML = words;
  }
}
