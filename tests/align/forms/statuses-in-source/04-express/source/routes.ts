router.post('/api/messages/:sosId', async (req, res) => {
  if (!req.body.content) return res.status(400).json({ success: false, error: 'content' });
  res.status(⟦call|202⟧).json({ success: true, data: await store(req.params.sosId, req.body) });
});

router.get('/api/messages/:sosId', async (req, res) => {
  res.status(200).json({ success: true, data: [], pagination: { total: 0, skip: 0, limit: 50 } });
});

router.patch('/api/sos/:sosId/participants/:userId/leave', (req, res) => {
  res.status(204).end();
});
