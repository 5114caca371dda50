import React from 'react';

const tones: Record<string, string> = { waiting: 'sos:amber', moving: 'sos:teal', over: 'sos:slate' };
const iconOf = { typing: 'message:typing:dots', sent: 'message:sent:tick' };

export const Pill = ({ status }: { status: string }) => <b className={tones[status]}>{iconOf[status]}</b>;
