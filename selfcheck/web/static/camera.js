// The page of the live check: sends the camera's pictures to the program on this computer and
// shows what it answers. The words of the check come from there, and nobody else is asked.

const PICTURES_A_SECOND = 12;
const AT_ONCE = 2; // requests
const LONG_SIDE = 640;
const QUALITY = 0.85;
const COLOUR_HOLDS = 500; // ms: more than two changes a second can harm people
const STALLED = 500; // ms without a new picture, after which the old one is sent again
const MUTED = 1500; // ms: some cameras are mute for a moment while they wake up
const LOSSES_ALLOWED = 4; // requests in a row that reach nobody, or nobody who has time
const ANSWERED = 10000; // ms for an answer, and for a camera's first picture

const TROUBLES = {
  NotAllowedError: "refused",
  SecurityError: "refused",
  NotFoundError: "missing",
  OverconstrainedError: "unsuitable",
  NotReadableError: "busy",
  AbortError: "busy",
  TimeoutError: "lost",
};
const WANTED = {
  audio: false,
  video: {
    width: { ideal: 640 },
    height: { ideal: 480 },
    frameRate: { ideal: 30 },
    facingMode: "user",
  },
};

const { body, documentElement: root } = document;
const find = (id) => document.getElementById(id);
const video = find("video");
const canvas = document.createElement("canvas");

let seat = "";
let stream = null;
let running = 0; // which opening of the camera is in use; 0 is none
let openings = 0;
let over = false;

let serial = 0;
let onTheWay = 0;
let due = 0;
let losses = 0;
let painted = 0; // the cue that is on the screen by now

let newest = { number: -1, colour: "" };
let shown = newest;
let coloured = -Infinity;
let held = 0;

// --- the server ---------------------------------------------------------------------------

function post(path, content, headers = {}, options = {}) {
  return fetch(path, {
    method: "POST",
    body: content,
    headers: { "X-Selfcheck": seat || "new", ...headers },
    cache: "no-store",
    redirect: "error",
    signal: AbortSignal.timeout(ANSWERED),
    ...options,
  });
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function enter() {
  const token = location.hash.slice(1);
  // It works once, so it need not stay in the address.
  history.replaceState(null, "", location.pathname);
  let answer = await post("/session", token);
  if (answer.status === 403 && !token) {
    // A page that is loaded again may come before it is known that it left.
    await pause(700);
    answer = await post("/session", token);
  }
  if (!answer.ok) {
    view(answer.status === 403 ? "elsewhere" : "ended");
    return;
  }
  const told = await answer.json();
  seat = told["x-selfcheck"];
  if (!told.colours) {
    document.querySelectorAll("[data-colours]").forEach((part) => part.remove());
    find("start").setAttribute("aria-describedby", "lead");
  }
  view("start");
}

// --- the camera ---------------------------------------------------------------------------

async function start() {
  stop();
  if (!navigator.mediaDevices?.getUserMedia) {
    await trouble("unsupported");
    return;
  }
  view("opening");
  const opening = ++openings;
  let track;
  try {
    stream = await navigator.mediaDevices.getUserMedia(WANTED);
    [track] = stream.getVideoTracks();
    track.addEventListener("ended", () => lost(opening));
    track.addEventListener("mute", () => {
      setTimeout(() => track.muted && lost(opening), MUTED);
    });
    video.srcObject = stream;
    view("check");
    await Promise.race([video.play(), late()]);
  } catch (error) {
    if (opening === openings) {
      await trouble(TROUBLES[error.name] ?? "busy");
    }
    return;
  }
  running = opening;
  if (track.readyState === "ended") {
    await lost(opening);
    return;
  }
  due = performance.now();
  awaitPicture(opening);
}

// A camera that gives no picture leaves a video waiting for ever.
async function late() {
  await pause(ANSWERED);
  throw new DOMException("", "TimeoutError");
}

function stop() {
  running = 0;
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  video.srcObject = null;
}

async function lost(opening) {
  if (opening === running) {
    await trouble("lost");
  }
}

async function trouble(kind) {
  stop();
  try {
    const answer = await post("/trouble", kind);
    if (!answer.ok) {
      view(answer.status === 403 ? "elsewhere" : "ended");
      return;
    }
    const words = await answer.json();
    say("trouble-title", words.title);
    say("trouble-detail", words.detail);
    view("trouble");
  } catch {
    view("ended");
  }
}

// --- pictures -----------------------------------------------------------------------------

// A video says when it has a new picture. Where it cannot, or has none, the clock does; in a
// hidden tab neither counts, and the title calls the person back.
function awaitPicture(opening) {
  let called = false;
  const call = () => {
    if (!called && opening === running) {
      called = true;
      awaitPicture(opening);
      sendIfDue();
    }
  };
  if (video.requestVideoFrameCallback) {
    video.requestVideoFrameCallback(call);
    setTimeout(call, STALLED);
  } else {
    setTimeout(call, 1000 / 30);
  }
}

function sendIfDue() {
  const now = performance.now();
  if (document.hidden || now < due || onTheWay >= AT_ONCE || !video.videoWidth) {
    return;
  }
  const step = 1000 / PICTURES_A_SECOND;
  due = Math.max(due + step, now - step);
  const scale = LONG_SIDE / Math.max(video.videoWidth, video.videoHeight);
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
  const opening = running;
  const headers = {
    "Content-Type": "image/jpeg",
    "X-Selfcheck-Frame": String(serial++),
    "X-Selfcheck-Cue": String(painted),
  };
  onTheWay += 1;
  canvas.toBlob((blob) => send(opening, blob, headers), "image/jpeg", QUALITY);
}

async function send(opening, blob, headers) {
  try {
    if (blob && opening === running) {
      const answer = await post("/frame", blob, headers);
      if (answer.ok) {
        losses = 0;
        take(await answer.json());
      } else if (answer.status === 403) {
        end("elsewhere");
      } else {
        lose(opening);
      }
    }
  } catch {
    lose(opening);
  } finally {
    onTheWay -= 1;
  }
}

function lose(opening) {
  losses += 1;
  if (losses >= LOSSES_ALLOWED && opening === running) {
    end("ended");
  }
}

function end(name) {
  over = true;
  seat = "";
  clearTimeout(held);
  stop();
  view(name);
}

// --- what is shown ------------------------------------------------------------------------

function take(cue) {
  if (cue.number <= newest.number || over) {
    return;
  }
  newest = cue;
  if (cue.phase === "passed" || cue.phase === "refused") {
    over = true;
    stop();
  }
  settle();
}

function settle() {
  clearTimeout(held);
  const early = coloured + COLOUR_HOLDS - performance.now();
  if (newest.colour !== shown.colour && early > 0) {
    held = setTimeout(settle, early);
    return;
  }
  const changed = newest.colour !== shown.colour;
  shown = newest;
  draw(shown);
  const { number } = shown;
  const hold = () => {
    // From when it is on the screen: a busy machine shows it later than it was set.
    if (changed) {
      coloured = performance.now();
    }
  };
  hold();
  // After two more pictures of the screen it is seen.
  requestAnimationFrame(() => {
    hold();
    requestAnimationFrame(() => (painted = number));
  });
}

function draw(cue) {
  const { phase, step, colour, number, done } = cue;
  Object.assign(body.dataset, { phase, step, colour, number, done, ink: cue.ink });
  root.style.setProperty("--colour", colour || "transparent");
  if (over) {
    say("over-title", cue.title);
    say("over-detail", cue.detail);
    say("over-hint", cue.hint && `Try: ${cue.hint}`);
    view("over");
    return;
  }
  say("title", cue.title);
  say("detail", cue.detail);
  say("trouble", cue.trouble);
  say("progress", cue.progress);
  dots(done, cue.total, phase === "step");
  nameWindow(cue.title);
}

function say(id, words) {
  const place = find(id);
  // The same words again would be spoken again.
  if (place.textContent !== words) {
    place.textContent = words;
  }
  (place.closest(".note") ?? place).classList.toggle("empty", !words);
}

function dots(done, total, doing) {
  const list = find("dots");
  while (list.children.length < total) {
    list.append(document.createElement("li"));
  }
  [...list.children].forEach((dot, index) => {
    dot.hidden = index >= total;
    dot.className = index < done ? "done" : doing && index === done ? "doing" : "";
  });
}

function view(name) {
  body.dataset.view = name;
  for (const section of document.querySelectorAll("main > section")) {
    section.hidden = section.dataset.view !== name;
  }
  const section = document.querySelector(`main > section[data-view="${name}"]`);
  nameWindow(section.querySelector("h1").textContent);
  section.querySelector("[data-focus]").focus({ preventScroll: true });
}

let titled = document.title;

function nameWindow(words) {
  titled = `${words} – selfcheck`;
  document.title = document.hidden && running ? "Come back to this page – selfcheck" : titled;
}

// --- begin --------------------------------------------------------------------------------

find("start").addEventListener("click", start);
find("again").addEventListener("click", start);
document.addEventListener("visibilitychange", () => nameWindow(titled.replace(/ – selfcheck$/, "")));
addEventListener("pagehide", () => {
  if (seat) {
    // Not a beacon: that would come without the origin and the header that the server asks for.
    post("/closed", "", {}, { keepalive: true }).catch(() => {});
  }
});
addEventListener("pageshow", (event) => {
  if (event.persisted) {
    location.reload(); // it gave up its seat when it was left
  }
});
enter().catch(() => view("ended"));
