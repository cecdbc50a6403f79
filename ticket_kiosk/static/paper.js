// What the printer's own word on a ticket's paper is, from the agent.

const PAUSE_MS = 1_000;
const WITHIN_MS = 15_000;

/** Calls `told({job, state, reason})` for each state until the last one; ends early when `isWanted()` does not hold. */
export async function followPaper(paper, isWanted, told) {
  let known = paper;
  while (known.state === "printing" && isWanted()) {
    const news = await look(known);
    if (!isWanted()) return;
    if (news && news.state !== known.state) told((known = news));
    else if (!news) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** Only after a refusal: nothing has left the printer. */
export async function printAgain({ job }) {
  const response = await fetch(`/agent/papers/${encodeURIComponent(job)}/again`, { method: "POST" }).catch(() => null);
  return response?.ok ? await response.json() : null;
}

async function look({ job, state }) {
  try {
    const url = `/agent/papers/${encodeURIComponent(job)}?known=${state}`;
    const response = await fetch(url, { signal: AbortSignal.timeout(WITHIN_MS) });
    if (response.status === 404) return { job, state: "unknown" };
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}
