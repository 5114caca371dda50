export interface CloseDto {
  sosId: ⟦val|number⟧;
}
