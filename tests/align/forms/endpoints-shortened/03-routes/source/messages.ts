@Controller('api/messages')
export class Messages {
  @Get(⟦call|'one/:messageId'⟧)
  one() {}

  @Get(':sosId')
  list() {}

  @Post(':sosId')
  create() {}
}
