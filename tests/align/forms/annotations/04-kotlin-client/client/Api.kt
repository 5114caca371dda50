interface Api {
    ⟦call|@POST("api/sos/{sosId}/participants/{userId}/leave")⟧
    suspend fun leave(@Path("sosId") sosId: String, @Path("userId") userId: String)

    @POST("api/messages/{sosId}")
    suspend fun send(@Path("sosId") sosId: String, @Body body: NewMessage)
}
