import { Controller, Get } from '@nestjs/common';

/** Tells the pages whether this is the demo, and where its virtual phone is. */
@Controller('demo')
export class DemoController {
  @Get()
  demo(): { phoneUrl: string | null } {
    return { phoneUrl: process.env.DEMO_PHONE_URL ?? null };
  }
}
