@WebSocketGateway()
export class Gateway {
  @SubscribeMessage('participants:active:request')
  async active(@MessageBody() body: { sosId: string }) {
    if (!body.sosId) {
      return { success: false };
    }
    const sockets = await this.server.in(`sos:${body.sosId}`).fetchSockets();
    return {
      sosId: body.sosId,
      participants: sockets.map((one) => ({ userId: one.data.userId, socketId: one.id, connectedAt: one.data.since })),
      ⟦fld|total: sockets.length⟧,
      timestamp: Date.now(),
    };
  }

  @SubscribeMessage('sos:room:join')
  join(@ConnectedSocket() client: Socket, @MessageBody() body: RoomDto) {
    client.join(`sos:${body.sosId}`);
    return { joined: true };
  }
}
