import { Body, Controller, Delete, Get, Header, Param, Patch, Post } from '@nestjs/common';

@Controller({ path: 'api/sos/:sosId/participants', version: '1' })
export class ParticipantsController {
  @Post('join')
  join(@Param('sosId') sosId: string, @Body() body: JoinDto) {
    return this.service.join(sosId, body);
  }

  @Header('Cache-Control', 'none')
  @Delete(⟦call|':userId/leave'⟧)
  leave(@Param('userId') userId: string) {
    return this.service.leave(userId);
  }

  @Get('active')
  active() {
    return [];
  }
}

@Controller('api/message')
export class MessageController {
  @Get(⟦call|':sosId'⟧)
  list() {
    return [];
  }
}

@Controller()
export class HealthController {
  @Get('health')
  health() {
    return {};
  }
}
