import { SubscribeMessage, WebSocketGateway, WsResponse } from '@nestjs/websockets';
@WebSocketGateway()
export class A {
  @SubscribeMessage('participants:active:request')
  active(): WsResponse<unknown> {
    return { event: '⟦ev|participants:active:reply⟧', data: { sosId: '1' } };
  }
}
