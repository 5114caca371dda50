const a = await fetch(`${API}/api/messages/${sosId}`, { method: "POST", body });
const b = await fetch(`${API}/api/messages/${sosId}`, { method: "DELETE" });
const c = await axios.get(`/api/messages/message/${id}`);
const d = await axios.patch(`/api/sos/${sosId}/participant/${userId}/leave`);

// expected
// 2:23 call-is-documented DELETE /api/messages/{sosId}
// 4:29 call-is-documented PATCH /api/sos/{sosId}/participant/{userId}/leave
