// Links to the answer's other forms are links; with a script, a click copies what they lead to.

export function copying(root) {
  root.addEventListener("click", async (event) => {
    const source = event.target.closest("[data-copy], [data-copy-from]");
    const plain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!source || !plain || !navigator.clipboard) return; // no clipboard: the link leads on
    event.preventDefault();
    const name = source.firstChild.textContent.trim();
    try {
      await navigator.clipboard.write([new ClipboardItem(await content(source))]);
      tell(source, `${name === "Copy" ? "Profile" : name} copied`);
    } catch {
      if (source.href) location.assign(source.href);
      else tell(source, "The browser does not let us copy");
    }
  });
}

async function content(source) {
  if (source.dataset.copyFrom) return text(profile(document.getElementById(source.dataset.copyFrom)));
  if (source.dataset.copy === "link") return text(source.href);
  const body = await (await fetch(source.href)).blob();
  return source.dataset.copy === "image" ? { "image/png": body } : text(await body.text());
}

const text = (said) => ({ "text/plain": new Blob([said], { type: "text/plain" }) });

// Headings on lines of their own, items as a list: as a job advert takes them.
function profile(article) {
  const lines = [...article.querySelectorAll("h3, h4, li")].map((part) =>
    part.tagName === "LI" ? `- ${part.textContent}` : `${part.tagName === "H4" ? "\n" : ""}${part.textContent}`,
  );
  return `${lines.join("\n")}\n`;
}

function tell(source, message) {
  const place = source.closest("p").querySelector(".copied");
  place.textContent = message;
  setTimeout(() => (place.textContent = ""), 4000);
}
