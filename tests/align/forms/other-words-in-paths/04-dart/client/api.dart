class Api {
  Future<void> join(String id) => dio.post('/api/sos/$id/participants/join', data: {});
  Future<void> leave(String id, String me) => dio.patch('⟦call|/api/sos/$id/participant/$me/leave⟧');
  Future<void> ping() => dio.get('/health');
}
