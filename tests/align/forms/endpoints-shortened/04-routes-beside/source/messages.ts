@Controller('api/messages')
export class Messages {
  @Get('message/:messageId')
  one() {}

  @Get('info/:messageId')
  info() {}
}
