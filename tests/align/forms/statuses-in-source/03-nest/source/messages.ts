import { Controller, Get, HttpCode, HttpStatus, Param, Post } from '@nestjs/common';

@Controller('api/messages')
export class Messages {
  @Post(':sosId')
  @HttpCode(⟦call|200⟧)
  create(@Param('sosId') sosId: string) {
    return this.store(sosId);
  }

  @Get(':sosId')
  @HttpCode(200)
  list(@Param('sosId') sosId: string) {
    return [];
  }
}
