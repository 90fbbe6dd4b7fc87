// The rules that are wanted, as one types; the address keeps up.

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
