import { Router } from 'express';
import { io } from '../index';
import { EVENTS } from '../constants';
export const messagesRouter = Router();
messagesRouter.post('/:sosId', auth, async (req, res) => {
  const saved = await Message.create({ ...req.body, sosId: req.params.sosId });
  io.to(`sos:${req.params.sosId}`).emit(EVENTS.BROADCAST, {
    id: saved.id, sosId: saved.sosId, senderType: saved.senderType, senderId: saved.senderId,
    senderDisplayName: saved.senderDisplayName, contentType: ⟦val|'image'⟧, content: saved.content, createdAt: saved.createdAt,
  });
  res.status(201).json({ success: true, data: saved });
});
messagesRouter.get('/:sosId', auth, list);
messagesRouter.get('/message/:messageId', auth, read);
messagesRouter.delete('/message/:messageId', auth, remove);
