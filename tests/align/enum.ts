export enum Events {
  Broadcast = "message:broadcast",
  Old = "message:new",
}

// expected
// 3:9 retired-event-is-not-used message:new -> message:broadcast
