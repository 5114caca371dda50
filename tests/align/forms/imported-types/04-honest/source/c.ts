export interface Local { sosId: string; status: string; timestamp: number }
export interface Message { text: string }
