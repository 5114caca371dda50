final class Api {
  func send(_ id: String) async throws { try await http.post("/api/messages/\(id)", ["content": "x"]) }
  func page(_ id: String) async throws { try await http.get("⟦call|/api/mesages/\(id)?skip=0⟧") }
}
