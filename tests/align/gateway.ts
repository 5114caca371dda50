@WebSocketGateway()
export class Gateway {
  @WebSocketServer() server: Server;

  @SubscribeMessage('location:update')
  location(client: Socket, dto: LocationDto) {
    this.server.to(`sos:${dto.sosId}`).emit('location:broadcast', { ...dto, userId: client.data.userId });
  }

  @SubscribeMessage('location:updat')
  twice() {}
}

// expected
// 10:21 event-is-documented location:updat -> location:update
