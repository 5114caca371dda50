import { Router } from 'express';
const router = Router();
router.get('/api/sos/:sosId/participants/active', active);
router.post('/api/messages/:sosId', create);
router.get('/api/messages/:sosId/read', read);
export default router;
