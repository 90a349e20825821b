// The page of the review: shows one picture at a time and sends the answer to the program on this
// computer. All words about a picture are a stranger's, and become text and nothing else.

const ANSWERED = 10000; // ms for an answer; the server gives one after five seconds at most
const LOSSES_ALLOWED = 3; // requests in a row that reach nobody

const KEYS = { y: "me", n: "not-me", u: "unsure", z: "undo", q: "stop" };

const { body } = document;
const find = (id) => document.getElementById(id);
const every = (selector) => document.querySelectorAll(selector);

let seat = "";
let number = 0; // of what is shown
let view = "entering";
let undo = "";
let busy = true;

// --- the server ---------------------------------------------------------------------------

function post(path, content = "", headers = {}, options = {}) {
  return fetch(path, {
    method: "POST",
    body: content,
    headers: { "X-Selfcheck": seat || "new", "X-Selfcheck-Number": String(number), ...headers },
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
    open(answer.status === 403 ? "elsewhere" : "ended");
    return;
  }
  seat = (await answer.json())["x-selfcheck"];
  await next("/shown");
}

// Sends an answer, or asks for what is shown, and shows what comes. What is lost on the way is sent
// again: its number tells the program that it is the same answer.
async function next(path, answer = "") {
  busy = true;
  let losses = 0;
  while (losses < LOSSES_ALLOWED) {
    try {
      const reply = await post(path, answer);
      if (reply.ok) {
        await take(await reply.json());
        busy = false;
        return;
      }
      if (reply.status === 403) {
        end("elsewhere");
        return;
      }
      losses = reply.status === 503 ? 0 : losses + 1;
    } catch {
      losses += 1;
      await pause(200);
    }
  }
  end("ended");
}

function end(name) {
  seat = "";
  open(name);
}

// --- what is shown ------------------------------------------------------------------------

async function take(told) {
  const fresh = view !== told.view;
  number = told.number;
  undo = told.undo ?? "";
  if (told.view === "picture") {
    await draw(told);
  } else {
    find("picture").removeAttribute("src");
    find("facts").replaceChildren();
  }
  for (const place of every("[data-tally]")) {
    place.textContent = counted(told.tally);
  }
  for (const place of every("[data-undone]")) {
    place.textContent = undo && `“${undo}”`;
  }
  for (const button of every('[data-answer="undo"]')) {
    button.hidden = !undo;
  }
  if (told.view === "over") {
    seat = "";
  }
  if (fresh) {
    open(told.view);
  } else if (document.activeElement === body) {
    find("question").focus({ preventScroll: true }); // its button is gone
  }
  body.dataset.number = String(number);
}

async function draw(told) {
  const picture = find("picture");
  picture.src = `data:image/jpeg;base64,${told.picture}`;
  // Nobody answers what is not on the screen.
  await picture.decode().catch(() => {});
  picture.alt = `The face in question, number ${told.place + 1}; all else is blurred`;
  const facts = told.facts.flatMap(([name, text]) => {
    const [term, detail, words] = ["dt", "dd", "bdi"].map((tag) => document.createElement(tag));
    term.textContent = name;
    words.textContent = text;
    detail.append(words);
    return [term, detail];
  });
  find("facts").replaceChildren(...facts);
  find("before").textContent = told.before && `Before, you said: ${told.before}.`;
  find("before").hidden = !told.before;
  const left = told.total - told.place - 1;
  find("progress").textContent =
    `Picture ${told.place + 1} of ${told.total}, ${left === 0 ? "none" : left} left after it`;
  find("bar").max = told.total;
  find("bar").value = told.place;
}

function counted(tally) {
  const left = tally.left ? ` ${tally.left} left for another time.` : "";
  return `You said “me” ${tally.me}, “not me” ${tally.not_me}, “not sure” ${tally.unsure} times.${left}`;
}

function open(name) {
  view = name;
  body.dataset.view = name;
  for (const section of every("main > section")) {
    section.hidden = section.dataset.view !== name;
  }
  const title = document.querySelector(`main > section[data-view="${name}"] h1`);
  document.title = `${title.textContent} – selfcheck`;
  title.focus({ preventScroll: true });
}

// --- answers ------------------------------------------------------------------------------

function answer(word) {
  const possible = {
    picture: ["me", "not-me", "unsure", "stop"],
    end: ["stop"],
  }[view];
  if (!busy && seat && (possible?.includes(word) || (possible && word === "undo" && undo))) {
    next("/answer", word);
  }
}

for (const button of every("[data-answer]")) {
  button.addEventListener("click", () => answer(button.dataset.answer));
}
addEventListener("keydown", (event) => {
  const { key, repeat, ctrlKey, metaKey, altKey, isComposing } = event;
  // A key that is held down answers once.
  if (!find("keys").checked || repeat || ctrlKey || metaKey || altKey || isComposing) {
    return;
  }
  const word = KEYS[key.toLowerCase()];
  if (word) {
    event.preventDefault();
    answer(word);
  }
});

// --- begin --------------------------------------------------------------------------------

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
enter().catch(() => open("ended"));
