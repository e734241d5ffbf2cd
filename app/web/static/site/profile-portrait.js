// The portrait is cut to a square before it is sent: moved by pointer or arrows, sized by a slider.

const input = document.querySelector("[data-cropped]");
const crop = document.querySelector("[data-crop]");
const canvas = crop.querySelector("canvas");
const zoom = crop.querySelector("input");
const pen = canvas.getContext("2d");
const SIDE = 800;
let picture = null;
let middle = [0, 0];

// The square of the picture that is seen, in its own pixels.
function square() {
  const side = Math.min(picture.width, picture.height) / zoom.value;
  middle = middle.map((at, axis) => {
    const most = [picture.width, picture.height][axis];
    return Math.min(Math.max(at, side / 2), most - side / 2);
  });
  return [middle[0] - side / 2, middle[1] - side / 2, side, side];
}

function draw(on = pen, side = canvas.width) {
  on.fillStyle = "white";
  on.fillRect(0, 0, side, side);
  on.imageSmoothingQuality = "high";
  on.drawImage(picture, ...square(), 0, 0, side, side);
}

input.addEventListener("change", async () => {
  picture = null;
  crop.hidden = true;
  try {
    picture = await createImageBitmap(input.files[0], { imageOrientation: "from-image" });
  } catch {
    return; // what it is, the server says
  }
  middle = [picture.width / 2, picture.height / 2];
  zoom.value = 1;
  crop.hidden = false;
  draw();
});

zoom.addEventListener("input", () => draw());
function move(x, y) {
  const [, , side] = square();
  middle = [middle[0] + x * side, middle[1] + y * side];
  draw();
}
canvas.addEventListener("pointerdown", (event) => canvas.setPointerCapture(event.pointerId));
canvas.addEventListener("pointermove", (event) => {
  if (event.buttons) move(-event.movementX / canvas.clientWidth, -event.movementY / canvas.clientWidth);
});
canvas.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  if (!step) return;
  event.preventDefault();
  move(step[0] / 20, step[1] / 20);
});

input.form.addEventListener("submit", async (event) => {
  if (!picture || input.form.dataset.cut) return;
  event.preventDefault();
  const cut = new OffscreenCanvas(SIDE, SIDE);
  draw(cut.getContext("2d"), SIDE);
  const files = new DataTransfer();
  files.items.add(new File([await cut.convertToBlob({ type: "image/jpeg", quality: 0.92 })], "portrait.jpg", { type: "image/jpeg" }));
  input.files = files.files;
  input.form.dataset.cut = "yes";
  input.form.removeAttribute("aria-busy");
  input.form.requestSubmit();
});
