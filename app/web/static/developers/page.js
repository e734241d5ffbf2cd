// Copies code, and remembers for a tab in which language examples are read.

const { copy, copied } = document.body.dataset;

for (const block of document.querySelectorAll(".code")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = copy;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(block.querySelector("pre").textContent.trimEnd());
    button.textContent = copied;
    setTimeout(() => (button.textContent = copy), 2000);
  });
  block.append(button);
}

const tabs = [...document.querySelectorAll('.tabs input[name="language"]')];
const liked = tabs.find((tab) => tab.value === sessionStorage.getItem("example-language"));
if (liked) liked.checked = true;
for (const tab of tabs) {
  tab.addEventListener("change", () => sessionStorage.setItem("example-language", tab.value));
}

// Where the row of places is wider than the screen, the one we are at shall be seen.
const place = document.querySelector(".places [aria-current]");
place.parentElement.scrollLeft = place.offsetLeft - place.parentElement.offsetLeft - 40;

// On a wide screen the contents stand beside the page: show where the reader is.
const current = document.querySelector(".contents [aria-current]");
const contents = current?.closest("nav");
if (contents && contents.scrollHeight > contents.clientHeight) {
  contents.scrollTop = current.offsetTop - contents.clientHeight / 2;
}
