async function say(sosId, content) {
  const answer = await fetch(`${BASE}/api/messages/${sosId}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ senderDisplayName: 'Bot', content: content }),
  });
  if (answer.status !== ⟦call|200⟧) {
    throw new Error(`not stored: ${answer.status}`);
  }
  return (await answer.json()).data;
}

async function list(sosId) {
  const answer = await fetch(`${BASE}/api/messages/${sosId}?limit=50`);
  if (answer.status === 200) return (await answer.json()).data;
  if (answer.status === 401) return login();
}

async function say2(sosId, content) {
  const res = await axios.post(`/api/messages/${sosId}`, { senderDisplayName: 'Bot', content });
  if (res.status === 200 || res.status === 201) return res.data;
}
