io.to(`sos:${sosId}`).emit('sos:status:broadcast', { sosId, status, timestamp: ⟦val|new Date(at).toISOString()⟧ });
io.to(`sos:${sosId}`).emit('location:broadcast', { sosId, userId, latitude, longitude, accuracy, timestamp: ⟦val|String(Date.now())⟧ });
io.to(`sos:${sosId}`).emit('sos:close', { sosId, closedBy, timestamp: new Date().getTime() });
