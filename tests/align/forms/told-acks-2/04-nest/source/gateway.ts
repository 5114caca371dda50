import { WebSocketGateway, SubscribeMessage, MessageBody, ConnectedSocket } from '@nestjs/websockets';
import { IsIn, IsInt, IsOptional, IsString, Max, Min } from 'class-validator';

export class StatusDto {
  @IsString() sosId: string;
  @IsIn(['active', 'assigned', 'responding', 'en_route', 'arrived', 'resolved', 'completed', 'closed', ⟦val|'void'⟧])
  status: string;
}

export class HistoryDto {
  @IsString() sosId: string;
  @IsOptional() @IsInt() @Min(1) @Max(⟦val|100⟧) limit?: number;
}

@WebSocketGateway()
export class SosGateway {
  @SubscribeMessage('sos:status:update')
  status(@MessageBody() dto: StatusDto, @ConnectedSocket() socket: Socket) {
    socket.nsp.to(`sos:${dto.sosId}`).emit('sos:status:broadcast', { ...dto, timestamp: Date.now() });
  }
  @SubscribeMessage('message:history:request')
  history(@MessageBody() dto: HistoryDto) {
    return this.messages.list(dto.sosId, dto.limit);
  }
}
