// Narrows the list of operations to what is typed: every word must stand somewhere in the row.

const box = document.getElementById("find");
const told = document.querySelector(".hits");
const sections = [...document.querySelectorAll(".tag")].map((section) => ({
  section,
  rows: [...section.querySelectorAll("li")].map((row) => ({
    row,
    text: plain(`${section.querySelector("h3").textContent} ${row.id} ${row.textContent}`),
  })),
}));

function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

function narrow() {
  const words = plain(box.value).split(/\s+/).filter(Boolean);
  let found = 0;
  for (const { section, rows } of sections) {
    let shown = 0;
    for (const { row, text } of rows) {
      row.hidden = !words.every((word) => text.includes(word));
      shown += !row.hidden;
    }
    section.hidden = shown === 0;
    found += shown;
  }
  const { one, many, none } = told.dataset;
  told.textContent = !words.length
    ? ""
    : found === 0
      ? none
      : found === 1
        ? one
        : many.replace("{number}", found);
}

box.addEventListener("input", narrow);
box.form.addEventListener("submit", (event) => {
  event.preventDefault();
  const first = document.querySelector(".tag:not([hidden]) li:not([hidden]) a");
  if (box.value.trim() && first) first.focus();
});

const asked = new URLSearchParams(location.search).get("q");
if (asked) {
  box.value = asked;
  narrow();
  document.getElementById("operations").scrollIntoView();
}
